import { Dashboard } from "./api.mjs";
import { makeProgram } from "./program.mjs";
import { placeOf } from "./where.mjs";

/** What fits at the cursor, one a line, with a tab and what it is. Asked by the scripts of `unstuck completion`. */

/** As lib/domain/run.ts has them, which plain JavaScript cannot read without a build; a test keeps them the same. */
export const STATES = [
  "queued",
  "starting",
  "running",
  "stopping",
  "completed",
  "failed",
  "stopped",
  "timed_out",
  "interrupted",
  "cleaned",
];

const VALUES = /** @type {Record<string, string[]>} */ ({
  "--state": STATES,
  "--use": ["short", "recorded"],
  completion: ["bash", "zsh", "fish"],
});
const TAKES_JOB = ["status", "start", "stop", "restart", "resume", "reset", "log", "precheck", "env", "exec"];
/** A person is waiting with a finger on Tab. */
const WITHIN_MS = 2_000;

/**
 * @param {string[]} words after the command's name; the last one is being typed
 * @returns {Promise<number>}
 */
export async function complete(words) {
  const typing = words.at(-1) ?? "";
  const found = await candidates(words.slice(0, -1), typing).catch(() => []);
  for (const [value, what] of found)
    if (value.startsWith(typing)) process.stdout.write(`${value}\t${what.replaceAll(/\s+/g, " ")}\n`);
  return 0;
}

/**
 * @param {string[]} before
 * @param {string} typing
 * @returns {Promise<(readonly [string, string])[]>}
 */
async function candidates(before, typing) {
  const program = makeProgram(() => undefined, []);
  const name = before.find(
    (word, at) => !word.startsWith("-") && !["--data", "--url"].includes(before[at - 1] ?? ""),
  );
  const verb = program.commands.find((command) => command.name() === name);
  const last = before.at(-1) ?? "";
  if (last === "--job" || last === "--confirm") return jobs(before);
  if (VALUES[last] !== undefined) return VALUES[last].map((value) => /** @type {const} */ ([value, ""]));
  if (typing.startsWith("-"))
    return [...(verb?.options ?? []), ...program.options].map((option) => [
      option.long ?? option.flags,
      option.description,
    ]);
  if (verb === undefined)
    return name === undefined
      ? program.commands.map((command) => [command.name(), command.description()])
      : [];
  const typedOperands = before.slice(before.indexOf(verb.name()) + 1).filter((word) => !word.startsWith("-"));
  return TAKES_JOB.includes(verb.name()) && typedOperands.length === 0 ? jobs(before) : [];
}

/**
 * @param {string[]} before
 * @returns {Promise<(readonly [string, string])[]>}
 */
async function jobs(before) {
  const after = (/** @type {string} */ name) =>
    before.includes(name) ? before[before.indexOf(name) + 1] : undefined;
  const place = placeOf({ data: after("--data"), url: after("--url") }, process.env);
  /** @type {{ items: { id: string, title: string }[] }} */
  const { items } = await new Dashboard(place, process.env.UNSTUCK_TOKEN).call(
    "GET",
    "/api/v1/jobs?limit=200",
    { withinMs: WITHIN_MS },
  );
  return items.map(({ id, title }) => [id, title]);
}
