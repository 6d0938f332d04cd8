import { EXIT } from "./exit-codes.mjs";
import { runPath } from "./paths.mjs";
import { endText, isOver, parametersText, stateText, toneOf } from "./show/runs.mjs";
import { untilThere } from "./until.mjs";

/**
 * @typedef {import("../lib/contracts/run").RunView} RunView
 * @typedef {import("./program.mjs").Context} Context
 */

/**
 * @param {Context} context
 * @param {string} id
 * @param {(run: RunView) => boolean} isThere
 * @returns {Promise<RunView>}
 */
export function runThat({ dashboard, screen }, id, isThere) {
  let told = "";
  return untilThere(
    async () => {
      /** @type {RunView} */
      const run = await dashboard.call("GET", runPath(id));
      if (isThere(run)) return run;
      const text = run.waitingFor === null ? stateText(run) : `${run.state}, waits for ${run.waitingFor}`;
      if (text !== told) screen.note(`${run.id} ${text}`);
      told = text;
      return null;
    },
    { away: () => screen.note("The dashboard is away; waiting for it. The run is not affected.") },
  );
}

/** @param {RunView} run */
export function hasBegun(run) {
  return run.state !== "queued" && run.state !== "starting";
}

/**
 * Shows the run a verb was about, once it is as it was waited for.
 * @param {Context} context
 * @param {RunView} run as it was answered
 * @param {Record<string, any>} options `wait`, `waitOver`
 * @returns {Promise<number>}
 */
export async function tellStarted(context, run, options) {
  const isThere = options.waitOver ? isOver : options.wait ? hasBegun : null;
  const last = isThere === null ? run : await runThat(context, run.id, isThere);
  tellRun(context, last);
  if (!isOver(last)) return 0;
  return last.state === "completed" ? 0 : EXIT.notWell;
}

/**
 * @param {Context} context
 * @param {RunView} run
 */
export function tellRun({ screen }, run) {
  if (screen.isJson) return screen.json({ run });
  const text = isOver(run) ? endText(run) : `${run.id} ${stateText(run)}${more(run)}`;
  screen.print(
    text.replace(
      ` ${run.state.replace("_", " ")}`,
      ` ${screen.paint(toneOf(run.state), run.state.replace("_", " "))}`,
    ),
  );
}

/** @param {RunView} run */
function more(run) {
  const { waitingFor, parentRunId, state, pid, args, argsBefore } = run;
  if (waitingFor !== null) return `, waits for ${waitingFor}`;
  if (state === "running" && pid !== null) return ` (pid ${pid})`;
  const given = parametersText(run);
  const resumes = parentRunId === null ? "" : `, resumes ${parentRunId}`;
  return resumes + argsText(args, argsBefore) + (given === null ? "" : `, given ${given}`);
}

/**
 * @param {RunView["args"] | undefined} args
 * @param {RunView["argsBefore"] | undefined} before undefined: the dashboard is older than this
 */
function argsText(args, before) {
  if (before == null || (before.how === "same" && args?.length === 0)) return "";
  if (before.how === "unknown") return `; the arguments of ${before.run} are not known`;
  return before.how === "same"
    ? `, with the arguments of ${before.run}`
    : `, with other arguments than ${before.run}`;
}
