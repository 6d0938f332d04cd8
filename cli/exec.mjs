import { setTimeout as wait } from "node:timers/promises";
import { Refused, Unreachable } from "./api.mjs";
import { EXIT, Refusal } from "./exit-codes.mjs";
import { launchHere } from "./launch-here.mjs";

/**
 * @typedef {import("../lib/contracts/exec").ExecAnswer} ExecAnswer
 * @typedef {import("../lib/contracts/exec").LaunchAnswer} LaunchAnswer
 * @typedef {{ dashboard: import("./api.mjs").Dashboard, job: string, argv: string[], wait: boolean }} Asked
 */

const FIRST_LOOK_MS = 15;
const LAST_LOOK_MS = 500;
const AGAIN_MS = 1_000;
const NOTHING = "Nothing was run.";
/** A dashboard that is being restarted is back by then; what it had promised is looked up again. */
const PATIENCE_MS = 10_000;

/** What passes by itself, and is worth waiting for. */
const PASSING = ["RUN_ALREADY_ACTIVE", "FOREIGN_PROCESS"];

/**
 * @param {Asked} asked
 * @returns {Promise<number>} the exit code
 */
export async function execUnderLock(asked) {
  const { run, token } = await enqueue(asked);
  const giveUp = () => void withdraw(asked, run.id, token);
  // While it waits in the queue, Ctrl-C takes it out again; once the program runs, signals are the program's.
  process.once("SIGINT", giveUp).once("SIGTERM", giveUp).once("SIGHUP", giveUp);
  const launch = await itsTurn(asked, run.id, token);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.removeListener(signal, giveUp);
  const code = await launchHere(launch);
  return code === EXIT_LAUNCHER_GAVE_UP ? explained(asked, run.id) : code;
}

/** The launcher's own "I did not start the program"; a program may exit with it too. */
const EXIT_LAUNCHER_GAVE_UP = 125;

/**
 * @param {Asked} asked
 * @returns {Promise<ExecAnswer>}
 */
async function enqueue({ dashboard, job, argv, wait: mayWait }) {
  const body = { argv, cwd: process.cwd(), pid: process.pid };
  for (let told = false; ; told = true) {
    try {
      return await dashboard.call("POST", `/api/v1/jobs/${encodeURIComponent(job)}/exec`, {
        body,
        nothing: NOTHING,
      });
    } catch (error) {
      if (!(error instanceof Refused) || !mayWait || !PASSING.includes(error.code)) throw error;
      if (!told) console.error(`unstuck: ${error.message} Waiting.`);
    }
    await wait(AGAIN_MS);
  }
}

/**
 * Waits until the run has its locks and is this terminal's to launch.
 * @param {Asked} asked
 * @param {string} runId
 * @param {string} token
 */
async function itsTurn(asked, runId, token) {
  let told = "";
  for (let pause = FIRST_LOOK_MS; ; pause = Math.min(LAST_LOOK_MS, pause * 1.5)) {
    const { run, launch } = await patiently(() => lookAt(asked, runId, token));
    if (launch !== null) return launch;
    if (run.state !== "queued" && run.state !== "starting")
      throw new Refusal(EXIT.busy, `${run.reason ?? `The run is ${run.state}.`} Nothing was run.`);
    if (run.waitingFor !== null && run.waitingFor !== told) {
      if (!asked.wait) {
        await withdraw(asked, runId, token);
        throw new Refusal(
          EXIT.busy,
          `The job waits for ${run.waitingFor}. Nothing was run. --wait waits for its turn.`,
        );
      }
      told = run.waitingFor;
      console.error(`unstuck: waits for ${told}.`);
    }
    await wait(pause);
  }
}

/**
 * @param {Asked} asked
 * @param {string} runId
 * @param {string} token
 * @returns {Promise<LaunchAnswer>}
 */
function lookAt({ dashboard }, runId, token) {
  return dashboard.call("GET", `/api/v1/runs/${runId}/exec`, { token, nothing: NOTHING });
}

/**
 * @template Value
 * @param {() => Promise<Value>} look
 * @returns {Promise<Value>}
 */
async function patiently(look) {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      const passes =
        error instanceof Refused ? error.code === "SUPERVISOR_UNAVAILABLE" : error instanceof Unreachable;
      if (!passes || performance.now() > deadline) throw error;
    }
    await wait(LAST_LOOK_MS);
  }
}

/**
 * Takes the run out of the queue. When that fails the dashboard finds out by itself that this program is gone.
 * @param {Asked} asked
 * @param {string} runId
 * @param {string} token
 */
async function withdraw({ dashboard }, runId, token) {
  await dashboard.call("DELETE", `/api/v1/runs/${runId}/exec`, { token }).catch(() => undefined);
}

/**
 * 125 says that the launcher did not start the program, unless the program itself says so.
 * @param {Asked} asked
 * @param {string} runId
 */
async function explained({ dashboard }, runId) {
  /** @type {import("../lib/contracts/run").RunView | null} */
  const run = await dashboard.call("GET", `/api/v1/runs/${runId}`).catch(() => null);
  if (run === null || run.exitCode === EXIT_LAUNCHER_GAVE_UP || run.startedAt !== null)
    return EXIT_LAUNCHER_GAVE_UP;
  throw new Refusal(EXIT.busy, `${run.reason ?? "The run was given up before it started."} Nothing was run.`);
}
