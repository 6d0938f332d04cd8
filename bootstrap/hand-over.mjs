import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { PARENT } from "./parent.mjs";

/**
 * The side of the parent: an old Node cannot become another program (execve came with 22.15), so it starts one, passes on what it is sent, and ends as
 * that one ends.
 */

/** Sent by a terminal to every process in its foreground, so the child has them too when it is in the parent's group. */
const BY_TERMINAL = /** @type {readonly NodeJS.Signals[]} */ (["SIGINT", "SIGQUIT", "SIGHUP"]);
const BY_PROGRAMS = /** @type {readonly NodeJS.Signals[]} */ (["SIGTERM", "SIGUSR1", "SIGUSR2", "SIGALRM"]);
const RAISED_WITHIN_MS = 200;

/**
 * @param {string} program the other Node
 * @param {{ ownGroup: boolean }} options `ownGroup`: the child gets a session of its own, so every signal reaches it through us alone.
 * It then has no controlling terminal: right for a server, wrong for a command that may ask, or run a program that does.
 * @returns {Promise<never>} ends this process as the child ends
 */
export function handOver(program, { ownGroup }) {
  const ignored = ownGroup ? [] : ignoredSignals();
  const hadTerminal = terminal().has;
  const child = spawn(program, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: ["inherit", "inherit", "inherit", "pipe"],
    env: { ...process.env, [PARENT]: [process.pid, ...ignored].join(" ") },
    detached: ownGroup,
  });
  const pass = (/** @type {NodeJS.Signals} */ signal) => {
    if (ownGroup || !terminalHasSent(signal, hadTerminal)) child.kill(signal);
  };
  for (const signal of [...BY_TERMINAL, ...BY_PROGRAMS])
    if (!ignored.includes(signal)) process.on(signal, pass);
  if (ownGroup) stopAndContinueWith(child);
  return new Promise((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      if (signal === null) process.exit(code ?? 1);
      if (ownGroup) endGroup(child.pid ?? 0, signal);
      endBy(signal);
    });
  });
}

/**
 * @param {NodeJS.Signals} signal
 * @param {boolean} hadTerminal
 */
function terminalHasSent(signal, hadTerminal) {
  if (!BY_TERMINAL.includes(signal)) return false;
  // After a hangup there is no terminal left to ask.
  return signal === "SIGHUP" ? hadTerminal : terminal().inForeground;
}

/** Ctrl-Z means both. The child's group has no shell above it, so only SIGSTOP stops it. */
function stopAndContinueWith(/** @type {import("node:child_process").ChildProcess} */ child) {
  process.on("SIGTSTP", () => {
    child.kill("SIGSTOP");
    process.kill(process.pid, "SIGSTOP");
  });
  process.on("SIGCONT", () => child.kill("SIGCONT"));
  process.on("SIGWINCH", () => child.kill("SIGWINCH"));
}

/**
 * An npm or a build that the child was waiting for; runs have sessions of their own.
 * @param {number} group
 * @param {NodeJS.Signals} signal
 */
function endGroup(group, signal) {
  try {
    if (group > 1) process.kill(-group, signal);
  } catch {
    // No process is left in it.
  }
}

/** @param {NodeJS.Signals} signal */
function endBy(signal) {
  process.removeAllListeners(signal);
  try {
    process.kill(process.pid, signal);
  } catch {
    // Not one that can be raised here.
  }
  // Pid 1 and who was started to ignore it survive their own signal.
  setTimeout(() => process.exit(128 + constants.signals[signal]), RAISED_WITHIN_MS);
}

/** Fields 5, 7 and 8 of proc(5): group, terminal, the terminal's foreground group. */
function terminal() {
  const [, , group = "", , tty = "0", foreground = ""] = fieldsOf("/proc/self/stat");
  return { has: tty !== "0", inForeground: tty !== "0" && foreground === group };
}

/** From the third on. */
function fieldsOf(/** @type {string} */ file) {
  const text = textOf(file);
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

function ignoredSignals() {
  const mask = BigInt(`0x${/^SigIgn:\s*([0-9a-f]+)$/m.exec(textOf("/proc/self/status"))?.[1] ?? "0"}`);
  return BY_TERMINAL.filter((signal) => (mask >> BigInt(constants.signals[signal] - 1)) & 1n);
}

/** @param {string} file */
function textOf(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
