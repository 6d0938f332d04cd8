import { EXIT, Refusal } from "../exit-codes.mjs";
import { jobPath, withQuery } from "../paths.mjs";
import { endText, isOver } from "../show/runs.mjs";
import { untilThere } from "../until.mjs";
import { hasBegun, runThat, tellRun } from "../wait-for-run.mjs";
import { reasonOf } from "./start.mjs";

/** @typedef {import("../../lib/contracts/run").RunView} RunView */

/** After the old run is over and the delay has passed; a dashboard that is restarted in between needs it, too. */
const SUCCESSOR_WITHIN_MS = 120_000;

/** @type {import("../program.mjs").Verb} */
export async function run(context, { args: [job = ""], options }) {
  const delay = options.delay === undefined ? {} : { delayMs: Math.round(options.delay * 1_000) };
  /** @type {{ run: RunView }} */
  const answer = await context.dashboard.call("POST", jobPath(job, "/restart"), {
    body: { ...delay, ...reasonOf(options) },
  });
  if (!options.wait) {
    tellRun(context, answer.run);
    return 0;
  }
  const isItself = answer.run.state === "queued" || hasBegun(answer.run) === false;
  const next = isItself ? answer.run : await successorOf(context, job, answer.run.id, delay.delayMs ?? 0);
  const begun = await runThat(context, next.id, hasBegun);
  tellRun(context, begun);
  return isOver(begun) && begun.state !== "completed" ? EXIT.notWell : 0;
}

/**
 * @param {import("../program.mjs").Context} context
 * @param {string} job
 * @param {string} old
 * @param {number} delayMs
 */
async function successorOf(context, job, old, delayMs) {
  const ended = await runThat(context, old, isOver);
  const since = performance.now();
  return untilThere(async () => {
    /** @type {{ items: RunView[] }} */
    const { items } = await context.dashboard.call("GET", withQuery("/api/v1/runs", { job, limit: 1 }));
    const [newest] = items;
    if (newest !== undefined && newest.id !== old) return newest;
    if (performance.now() - since < SUCCESSOR_WITHIN_MS + delayMs) return null;
    throw new Refusal(EXIT.notWell, `${endText(ended)} No run followed it: the restart was called off.`);
  });
}
