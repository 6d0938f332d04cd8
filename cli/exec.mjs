import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { call, dashboardUrl, Refused } from "./api.mjs";
import { EXIT, Refusal } from "./exit-codes.mjs";
import { launchHere } from "./launch-here.mjs";

/**
 * @typedef {import("../lib/contracts/exec").ExecAnswer} ExecAnswer
 * @typedef {import("../lib/contracts/exec").LaunchAnswer} LaunchAnswer
 * @typedef {{ url: string, job: string, argv: string[], wait: boolean }} Asked
 */

const FIRST_LOOK_MS = 15;
const LAST_LOOK_MS = 500;
const AGAIN_MS = 1_000;
/** A dashboard that is being restarted is back by then; what it had promised is looked up again. */
const PATIENCE_MS = 10_000;

/** Somebody else runs it, or something else is in its way for now. */
const BUSY = ["RUN_ALREADY_ACTIVE", "FOREIGN_PROCESS", "JOB_DISABLED", "SUPERVISOR_UNAVAILABLE"];
/** What passes by itself, and is worth waiting for. */
const PASSING = ["RUN_ALREADY_ACTIVE", "FOREIGN_PROCESS"];

/**
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function execUnderLock(args) {
  const asked = readArguments(args);
  const { run, token } = await enqueue(asked);
  const giveUp = () => withdraw(asked.url, run.id, token);
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
 * @param {string[]} args
 * @returns {Asked}
 */
function readArguments(args) {
  const end = args.indexOf("--");
  const argv = end === -1 ? [] : args.slice(end + 1);
  const { values, positionals } = parsed(end === -1 ? args : args.slice(0, end));
  const [job, ...more] = positionals;
  if (job === undefined || more.length > 0 || argv.length === 0)
    throw new Refusal(
      EXIT.usage,
      "Expected a job, then -- and the program: unstuck exec nightly -- node scrape.mjs",
    );
  return { url: dashboardUrl(values.url), job, argv, wait: values.wait ?? false };
}

/** @param {string[]} args */
function parsed(args) {
  try {
    const options = /** @type {const} */ ({ wait: { type: "boolean" }, url: { type: "string" } });
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new Refusal(EXIT.usage, error instanceof Error ? error.message : String(error));
  }
}

/**
 * @param {Asked} asked
 * @returns {Promise<ExecAnswer>}
 */
async function enqueue({ url, job, argv, wait: mayWait }) {
  const body = { argv, cwd: process.cwd(), pid: process.pid };
  for (let told = false; ; told = true) {
    try {
      return await call(`${url}/api/v1/jobs/${encodeURIComponent(job)}/exec`, "POST", { body });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (!mayWait || !PASSING.includes(error.code)) throw toRefusal(error);
      if (!told) console.error(`unstuck: ${error.message} Waiting.`);
    }
    await wait(AGAIN_MS);
  }
}

/** @param {Refused} error */
function toRefusal({ code, message }) {
  if (code === "JOB_NOT_FOUND") return new Refusal(EXIT.noJob, message);
  return new Refusal(BUSY.includes(code) ? EXIT.busy : EXIT.refused, message);
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
    const { run, launch } = await patiently(() => lookAt(asked.url, runId, token));
    if (launch !== null) return launch;
    if (run.state !== "queued" && run.state !== "starting")
      throw new Refusal(EXIT.busy, `${run.reason ?? `The run is ${run.state}.`} Nothing was run.`);
    if (run.waitingFor !== null && run.waitingFor !== told) {
      if (!asked.wait) {
        await withdraw(asked.url, runId, token);
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
 * @param {string} url
 * @param {string} runId
 * @param {string} token
 * @returns {Promise<LaunchAnswer>}
 */
function lookAt(url, runId, token) {
  return call(`${url}/api/v1/runs/${runId}/exec`, "GET", { token });
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
        error instanceof Refused ? error.code === "SUPERVISOR_UNAVAILABLE" : error instanceof Refusal;
      if (!passes || performance.now() > deadline) throw error instanceof Refused ? toRefusal(error) : error;
    }
    await wait(LAST_LOOK_MS);
  }
}

/**
 * Takes the run out of the queue. When that fails the dashboard finds out by itself that this program is gone.
 * @param {string} url
 * @param {string} runId
 * @param {string} token
 */
async function withdraw(url, runId, token) {
  await call(`${url}/api/v1/runs/${runId}/exec`, "DELETE", { token }).catch(() => undefined);
}

/**
 * 125 says that the launcher did not start the program, unless the program itself says so.
 * @param {Asked} asked
 * @param {string} runId
 */
async function explained({ url }, runId) {
  /** @type {import("../lib/contracts/run").RunView | null} */
  const run = await call(`${url}/api/v1/runs/${runId}`, "GET").catch(() => null);
  if (run === null || run.exitCode === EXIT_LAUNCHER_GAVE_UP || run.startedAt !== null)
    return EXIT_LAUNCHER_GAVE_UP;
  throw new Refusal(EXIT.busy, `${run.reason ?? "The run was given up before it began."} Nothing was run.`);
}
