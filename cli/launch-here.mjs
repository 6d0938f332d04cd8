import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { EXIT, Refusal } from "./exit-codes.mjs";

/** @typedef {NonNullable<import("../lib/contracts/exec").LaunchAnswer["launch"]>} Launch */

/**
 * Runs the launcher in this terminal: same session, same group, same streams, so that Ctrl-C and Ctrl-Z reach the program as
 * they would without us.
 * @param {Launch} launch
 * @returns {Promise<number>} its exit code, 128 + n after signal n
 */
export async function launchHere({ command, env, cwd, folder }) {
  refuseOtherUsers(folder);
  const [shell = "", ...args] = command;
  // The terminal sends these to the whole group. The program decides what they mean; we stay to tell how it ended.
  for (const signal of ["SIGINT", "SIGQUIT", "SIGHUP"]) process.on(signal, () => undefined);
  const child = spawn(shell, args, {
    cwd,
    env: { ...process.env, ...env, ...takeSecrets(folder) },
    stdio: "inherit",
  });
  // Sent to us alone (`timeout`, a service manager): meant for the program.
  process.on("SIGTERM", () => passOn(folder, "SIGTERM"));
  return new Promise((resolve, reject) => {
    child.once("error", (error) =>
      reject(new Refusal(EXIT.refused, `It could not be launched: ${error.message}.`)),
    );
    child.once("exit", (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  });
}

/**
 * Values the API does not answer: the dashboard leaves them in the run's folder, which is this user's alone.
 * @param {string} folder
 * @returns {Record<string, string>}
 */
function takeSecrets(folder) {
  const file = join(folder, "secrets.json");
  if (!existsSync(file)) return {};
  const secrets = JSON.parse(readFileSync(file, "utf8"));
  rmSync(file);
  return secrets;
}

/**
 * The run's folder belongs to the dashboard's user, and only that user's processes can it stop.
 * @param {string} folder
 */
function refuseOtherUsers(folder) {
  const me = process.getuid?.() ?? -1;
  const owner = ownerOf(folder);
  if (owner === me) return;
  const found = owner === null ? "cannot be looked at" : `belongs to user ${owner}`;
  throw new Refusal(
    EXIT.notAllowed,
    `Expected to be the dashboard's own user on its machine; this is user ${me}, and the run's folder ${folder} ${found}. Nothing was run. Use sudo -u.`,
  );
}

/** @param {string} folder */
function ownerOf(folder) {
  try {
    return statSync(folder).uid;
  } catch {
    return null;
  }
}

/**
 * To the program itself, as the launcher wrote it down: the launcher ignores signals, because it has an end to record.
 * @param {string} folder
 * @param {NodeJS.Signals} signal
 */
function passOn(folder, signal) {
  try {
    const [pid, ticks] = readFileSync(join(folder, "payload"), "latin1").trim().split(" ");
    if (ticks !== undefined && ticksOf(Number(pid)) === ticks) process.kill(Number(pid), signal);
  } catch {
    // It has not begun yet, or has just ended.
  }
}

/**
 * Its own reading of the file: the command line runs without a build, so it cannot import lib/supervisor/processes/stat.ts.
 * @param {number} pid
 */
function ticksOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
}
