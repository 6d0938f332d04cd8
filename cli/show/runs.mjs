/** How runs are told in a terminal. @typedef {import("../../lib/contracts/run").RunView} RunView */

const FINAL = ["completed", "failed", "stopped", "timed_out", "interrupted", "cleaned"];

/** @type {Record<RunView["state"], import("./screen.mjs").Tone>} */
const TONE = {
  queued: "faint",
  starting: "odd",
  running: "good",
  stopping: "odd",
  completed: "good",
  failed: "bad",
  stopped: "faint",
  timed_out: "bad",
  interrupted: "bad",
  cleaned: "faint",
};

/** @param {Pick<RunView, "state">} run */
export function isOver({ state }) {
  return FINAL.includes(state);
}

/** @param {RunView["state"] | undefined} state */
export function toneOf(state) {
  return state === undefined ? "faint" : TONE[state];
}

/** `timed out`, `running, silent`. @param {Pick<RunView, "state" | "health">} run */
export function stateText({ state, health }) {
  const unwell = health !== null && health !== "healthy" ? `, ${health}` : "";
  return `${state.replace("_", " ")}${unwell}`;
}

/**
 * Whether and from what it can be resumed, as the page says it.
 * @param {RunView} run
 */
export function resumeText({ resumeFrom, verdictSentence, endedAt }) {
  if (resumeFrom === null) return verdictSentence;
  return endedAt === null ? `if it stopped now, from ${resumeFrom}` : `from ${resumeFrom}`;
}

/** Why it is in its state, and what its program said last. @param {Pick<RunView, "reason" | "lastWords">} run */
export function reasonText({ reason, lastWords }) {
  const said = typeof lastWords === "string" ? `“${lastWords}”` : null;
  return [reason, said].filter((part) => part !== null).join(" ");
}

/** @param {RunView["progress"]} progress */
export function progressText(progress) {
  if (progress === null) return null;
  const { extracted, total, message } = progress;
  const count = extracted === null ? null : total === null ? `${extracted}` : `${extracted} of ${total}`;
  return [count, message].filter((part) => part !== null).join(" ") || null;
}

/**
 * `shop=north pages=3 apiKey=(secret)`
 * @param {Pick<RunView, "parameters" | "parametersSecret">} run
 */
export function parametersText({ parameters, parametersSecret }) {
  const named = Object.entries(parameters ?? {}).map(([name, value]) => {
    const text = typeof value === "string" && /[\s"']|^$/.test(value) ? JSON.stringify(value) : String(value);
    return `${name}=${parametersSecret.includes(name) ? "(secret)" : text}`;
  });
  return named.length === 0 ? null : named.join(" ");
}

/** `run_… completed: Exited with code 0.` @param {RunView} run */
export function endText(run) {
  return `${run.id} ${stateText(run)}${reasonText(run) === "" ? "" : `: ${reasonText(run)}`}`;
}
