import { jobPath } from "../paths.mjs";
import { isOver } from "../show/runs.mjs";
import { untilThere } from "../until.mjs";
import { runThat, tellRun } from "../wait-for-run.mjs";
import { reasonOf } from "./start.mjs";

/**
 * @typedef {import("../../lib/contracts/run").RunView} RunView
 * @typedef {import("../../lib/contracts/status").ForeignView} ForeignView
 */

/** @type {import("../program.mjs").Verb} */
export async function run(context, { args: [job = ""], options }) {
  const body = {
    ...(options.force ? { force: true } : {}),
    ...(options.grace === undefined ? {} : { graceMs: Math.round(options.grace * 1_000) }),
    ...reasonOf(options),
  };
  /** @type {{ run: RunView | null, foreign: ForeignView | null }} */
  const answer = await context.dashboard.call("POST", jobPath(job, "/stop"), { body });
  if (answer.run === null) return endedOutside(context, job, answer, options.wait === true);
  const last = options.wait ? await runThat(context, answer.run.id, isOver) : answer.run;
  if (context.screen.isJson) context.screen.json({ ...answer, run: last });
  else tellRun(context, last);
  return 0;
}

/**
 * @param {import("../program.mjs").Context} context
 * @param {string} job
 * @param {{ run: RunView | null, foreign: ForeignView | null }} answer
 * @param {boolean} waits
 */
async function endedOutside({ dashboard, screen }, job, answer, waits) {
  const isGone = async () => {
    /** @type {import("../../lib/contracts/status").StatusView} */
    const status = await dashboard.call("GET", jobPath(job, "/status"));
    return status.foreign === null ? true : null;
  };
  if (waits) await untilThere(isGone);
  if (screen.isJson) screen.json(answer);
  else
    screen.print(
      `Process ${answer.foreign?.pid ?? "?"}, which runs ${job} outside Unstuck, ${waits ? "was" : "is being"} ended.`,
    );
  return 0;
}
