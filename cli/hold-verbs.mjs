import { Option } from "commander";
import { instant } from "./option-values.mjs";

/**
 * @typedef {import("commander").Command} Command
 * @typedef {import("./program.mjs").Verb} Verb
 */

/**
 * The verbs about what is kept from starting by itself.
 * @param {Command} program
 * @param {(usage: string, description: string, load: () => Promise<{ run: Verb }>, group?: Command) => Command} verb
 */
export function addHoldVerbs(program, verb) {
  verb("holds", "what is kept from starting by itself now", () => import("./verbs/holds.mjs"));
  const hold = program.command("hold").description("keep jobs from starting by themselves: add, release");
  verb(
    "add <what>",
    "keep all, tag:NAME or job:ID from starting by schedules and recovery",
    () => import("./verbs/hold-add.mjs"),
    hold,
  )
    .requiredOption("--reason <text>", "why; on every page while it lasts")
    .addOption(
      new Option("--until <time>", "its end: 2026-12-24T03:00Z (else: until it is released)").argParser(
        instant,
      ),
    );
  verb("release <hold>", "end a hold now", () => import("./verbs/hold-release.mjs"), hold);
}
