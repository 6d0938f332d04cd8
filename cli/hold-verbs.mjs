import { Option } from "commander";
import { instant } from "./option-values.mjs";

/**
 * @typedef {import("commander").Command} Command
 * @typedef {import("./program.mjs").Verb} Verb
 */

/**
 * The verbs about holds.
 * @param {Command} program
 * @param {(usage: string, description: string, load: () => Promise<{ run: Verb }>, group?: Command) => Command} verb
 */
export function addHoldVerbs(program, verb) {
  verb("holds", "the current holds on automatic starts", () => import("./verbs/holds.mjs"));
  const hold = program.command("hold").description("stop automatic starts of jobs: add, release");
  verb(
    "add <what>",
    "stop schedules and recovery from starting all, tag:NAME or job:ID",
    () => import("./verbs/hold-add.mjs"),
    hold,
  )
    .requiredOption("--reason <text>", "why; shown on every page during the hold")
    .addOption(
      new Option("--until <time>", "its end: 2026-12-24T03:00Z (else: until it is released)").argParser(
        instant,
      ),
    );
  verb("release <hold>", "end a hold now", () => import("./verbs/hold-release.mjs"), hold);
}
