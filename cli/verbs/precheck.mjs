import { jobPath, withQuery } from "../paths.mjs";
import { evidencePairs } from "../show/evidence.mjs";

/**
 * @typedef {import("../../lib/contracts/run").RunView} RunView
 * @typedef {{ precheck: "start" | "wait" | "resume" | "cleanup", run: RunView | null, reason: string, evidence?: RunView["evidence"] }} Precheck
 */

const TONE = /** @type {const} */ ({ start: "good", resume: "good", wait: "odd", cleanup: "odd" });

/** @type {import("../program.mjs").Verb} */
export async function run({ dashboard, screen }, { args: [job = ""], options: { ageHours } }) {
  /** @type {Precheck} */
  const answer = await dashboard.call("GET", withQuery(jobPath(job, "/precheck"), { ageHours }));
  if (screen.isJson) screen.json(answer);
  else {
    screen.print(`${screen.paint(TONE[answer.precheck], answer.precheck)}: ${answer.reason}`);
    const evidence = answer.evidence ?? answer.run?.evidence ?? [];
    if (evidence.length > 0) screen.pairs(evidencePairs(evidence));
  }
  return 0;
}
