import { ROLES } from "./account-verbs.mjs";
import { dashboardOf } from "./dashboard.mjs";
import { makeProgram } from "./program.mjs";
import { MISSED, OVERLAPS, WEEKDAYS } from "./schedule-values.mjs";

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
  "--role": ROLES,
  "--missed": MISSED,
  "--overlap": Object.keys(OVERLAPS),
  "--weekday-off": WEEKDAYS,
  completion: ["bash", "zsh", "fish"],
});
const TAKES_JOB = [
  ...["status", "start", "stop", "restart", "resume", "reset", "log", "precheck", "env", "exec"],
  ...["schedules", "schedule add"],
];
const TAKES_SCHEDULE = ["schedule pause", "schedule resume", "schedule delete"];
const TAKES_USER = ["reset-password"];
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
  const last = before.at(-1) ?? "";
  if (last === "--job" || last === "--confirm") return jobs(before);
  if (VALUES[last] !== undefined) return VALUES[last].map((value) => /** @type {const} */ ([value, ""]));
  const first = program.commands.find((command) => command.name() === name);
  const words = first === undefined ? [] : before.slice(before.indexOf(first.name()) + 1);
  const operands = words.filter((word) => !word.startsWith("-"));
  const inner = first?.commands.find((command) => command.name() === operands[0]);
  if (inner !== undefined) operands.shift();
  const verb = inner ?? first;
  if (typing.startsWith("-"))
    return [...(verb?.options ?? []), ...program.options].map((option) => [
      option.long ?? option.flags,
      option.description,
    ]);
  if (verb === undefined) return name === undefined ? listed(program) : [];
  if (operands.length > 0) return [];
  if (verb.commands.length > 0) return listed(verb);
  const path = inner === undefined ? verb.name() : `${first?.name()} ${verb.name()}`;
  if (TAKES_JOB.includes(path)) return jobs(before);
  if (TAKES_SCHEDULE.includes(path)) return schedules(before);
  return TAKES_USER.includes(verb.name()) ? users(before) : [];
}

/**
 * @param {import("commander").Command} group
 * @returns {(readonly [string, string])[]}
 */
function listed(group) {
  return group.commands.map((command) => [command.name(), command.description()]);
}

/**
 * @param {string[]} before
 * @returns {Promise<(readonly [string, string])[]>}
 */
async function jobs(before) {
  /** @type {{ items: { id: string, title: string }[] }} */
  const { items } = await answerOf(before, "/api/v1/jobs?limit=200");
  return items.map(({ id, title }) => [id, title]);
}

/**
 * @param {string[]} before
 * @returns {Promise<(readonly [string, string])[]>}
 */
async function schedules(before) {
  /** @type {{ items: { id: string, job: string, words: string }[] }} */
  const { items } = await answerOf(before, "/api/v1/schedules");
  return items.map(({ id, job, words }) => [id, `${job}: ${words}`]);
}

/**
 * @param {string[]} before
 * @returns {Promise<(readonly [string, string])[]>}
 */
async function users(before) {
  /** @type {{ items: { name: string }[] }} */
  const { items } = await answerOf(before, "/api/v1/users");
  return items.map(({ name }) => [name, ""]);
}

/**
 * @template Answer
 * @param {string[]} before
 * @param {string} path
 * @returns {Promise<Answer>}
 */
function answerOf(before, path) {
  const after = (/** @type {string} */ name) =>
    before.includes(name) ? before[before.indexOf(name) + 1] : undefined;
  const dashboard = dashboardOf({ data: after("--data"), url: after("--url") }, process.env);
  return dashboard.call("GET", path, { withinMs: WITHIN_MS });
}
