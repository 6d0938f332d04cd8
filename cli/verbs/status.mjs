import { jobPath, runPath } from "../paths.mjs";
import { evidencePairs } from "../show/evidence.mjs";
import { parametersText, progressText, resumeText, stateText, toneOf } from "../show/runs.mjs";
import { ago, lasting } from "../show/times.mjs";

/**
 * @typedef {import("../../lib/contracts/status").StatusView} StatusView
 * @typedef {import("../../lib/contracts/run").RunView} RunView
 */

/** @type {import("../program.mjs").Verb} */
export async function run(context, { args: [job] }) {
  return job === undefined ? all(context) : one(context, job);
}

/** @param {import("../program.mjs").Context} context */
async function all({ dashboard, screen }) {
  /** @type {{ at: string, items: StatusView[] }} */
  const answer = await dashboard.call("GET", "/api/v1/status");
  if (screen.isJson) screen.json(answer);
  else if (answer.items.length === 0) screen.print("There are no jobs yet.");
  else {
    const now = Date.parse(answer.at);
    const states = answer.items.map(({ run }) => run?.state);
    screen.table(
      [
        { title: "JOB", shrink: 12 },
        { title: "STATE", shrink: 12, paint: (text, row) => screen.paint(toneOf(states[row]), text) },
        { title: "SINCE", align: "right" },
        { title: "LAST SIGN", align: "right" },
        { title: "PROGRESS", shrink: 8 },
      ],
      answer.items.map((status) => row(status, now)),
    );
  }
  return 0;
}

/**
 * @param {StatusView} status
 * @param {number} now
 */
function row({ job, enabled, foreign, lastHeartbeat, run }, now) {
  if (foreign !== null && run === null)
    return [job, `outside (pid ${foreign.pid})`, ago(foreign.startedAt, now), null, null];
  const state = run === null ? "never ran" : stateText(run);
  const since = run === null ? null : (run.endedAt ?? run.startedAt ?? run.queuedAt);
  return [
    job,
    enabled ? state : `${state} (disabled)`,
    ago(since, now),
    ago(lastHeartbeat, now),
    run === null ? null : progressText(run.progress),
  ];
}

/**
 * @param {import("../program.mjs").Context} context
 * @param {string} job
 */
async function one({ dashboard, screen }, job) {
  /** @type {StatusView} */
  const status = await dashboard.call("GET", jobPath(job, "/status"));
  if (screen.isJson) {
    screen.json(status);
    return 0;
  }
  const { run, foreign } = status;
  screen.print(`${screen.paint("strong", status.job)}  ${status.state}${status.enabled ? "" : ", disabled"}`);
  if (foreign !== null) screen.print(`Runs outside Unstuck as process ${foreign.pid}: ${foreign.command}`);
  if (run === null) screen.print("It has no run.");
  // The list's answer has no verdict: the checkpoint is read for one run only.
  else tell(screen, await dashboard.call("GET", runPath(run.id)));
  return 0;
}

/**
 * @param {import("../show/screen.mjs").Screen} screen
 * @param {RunView} run
 */
function tell(screen, run) {
  const now = Date.now();
  screen.pairs([
    ["run", run.id],
    ["state", stateText(run)],
    ["why", run.reason],
    ["parameters", parametersText(run)],
    ["started", run.startedAt === null ? null : ago(run.startedAt, now)],
    ["ended", run.endedAt === null ? null : ago(run.endedAt, now)],
    ["took", run.durationMs === null ? null : lasting(run.durationMs)],
    ["last sign", run.lastLifeAt === null ? null : ago(run.lastLifeAt, now)],
    ["pid", run.pid === null || run.endedAt !== null ? null : String(run.pid)],
    ["exit code", run.exitCode === null ? null : String(run.exitCode)],
    ["signal", run.signal],
    ["last words", run.lastWords],
    ["fingerprint", run.fingerprint],
    ["progress", progressText(run.progress)],
    ["waits for", run.waitingFor],
    ["follows", run.parentRunId],
    ["verdict", run.verdict],
    ["resume", resumeText(run)],
    ...evidencePairs(run.evidence),
  ]);
}
