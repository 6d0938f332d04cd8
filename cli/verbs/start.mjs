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
  const body = { mode, ...(args.length > 0 ? { args } : {}), ...reasonOf(options) };
  /** @type {{ run: import("../../lib/contracts/run").RunView }} */
  const answer = await context.dashboard.call("POST", jobPath(job, "/start"), { body });
  return tellStarted(context, answer.run, options);
}

/** @param {Record<string, any>} options */
export function reasonOf({ reason }) {
  return reason === undefined ? {} : { reason };
}
