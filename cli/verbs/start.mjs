import { EXIT, Refusal } from "../exit-codes.mjs";
import { parametersOf } from "../params.mjs";
import { jobPath } from "../paths.mjs";
import { tellStarted } from "../wait-for-run.mjs";

/** @type {import("../program.mjs").Verb} */
export function run(context, input) {
  return startWith(context, input, input.options.fresh ? "fresh" : "auto");
}

/**
 * @param {import("../program.mjs").Context} context
 * @param {import("../program.mjs").Input} input
 * @param {"auto" | "fresh" | "resume"} mode
 */
export async function startWith(context, { args: [job = "", ...args], options }, mode) {
  const folder = options.oldFolder === true ? { folder: "old" } : {};
  const given = {
    ...(await argsOf(context, job, args, options)),
    ...(await parametersOf(context, job, options.param)),
  };
  const body = { mode, ...folder, ...given, ...reasonOf(options) };
  /** @type {{ run: import("../../lib/contracts/run").RunView }} */
  const answer = await context.dashboard.call("POST", jobPath(job, "/start"), { body });
  return tellStarted(context, answer.run, options);
}

/**
 * Nothing is said where nothing was asked for: a run that goes on keeps what it was given.
 * @param {import("../program.mjs").Context} context
 * @param {string} job
 * @param {string[]} args
 * @param {Record<string, any>} options `args` (false: none), `sameArgs`
 */
async function argsOf({ dashboard }, job, args, options) {
  const none = options.args === false;
  if ([args.length > 0, none, options.sameArgs === true].filter(Boolean).length > 1)
    throw new Refusal(EXIT.usage, "Expected one of arguments, --no-args and --same-args, found more.");
  if (none) return { args: [] };
  if (!options.sameArgs) return args.length > 0 ? { args } : {};
  /** @type {import("../../lib/contracts/status").StatusView} */
  const { run } = await dashboard.call("GET", jobPath(job, "/status"));
  const kept = run?.args ?? null;
  if (kept === null)
    throw new Refusal(
      EXIT.notWell,
      `What the newest run of ${job} was given is not known: give the arguments themselves.`,
    );
  return { args: kept };
}

/** @param {Record<string, any>} options */
export function reasonOf({ reason }) {
  return reason === undefined ? {} : { reason };
}
