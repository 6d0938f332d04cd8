import { execFile, spawn } from "node:child_process";
import { accessSync, closeSync, constants, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { now, since } from "./clock.mjs";

/** @typedef {{ code: number, output: string, stdout: string, ms: number }} Ended `output`: both streams, one after the other */

const LIMIT_MS = 60_000;
const MOST_OUTPUT = 256 * 1_024 * 1_024;

/**
 * Where a program is: a path as it is, a name in PATH.
 * @param {string} name
 * @returns {string | null}
 */
export function which(name) {
  const places = name.includes("/")
    ? [name]
    : (process.env.PATH ?? "").split(":").map((folder) => join(folder, name));
  return places.find(isProgram) ?? null;
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs a program to its end. A refusal is a result here, never an error.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeout?: number }} [options]
 * @returns {Promise<Ended>}
 */
export function execute(program, args, options = {}) {
  const began = now();
  return new Promise((resolve) => {
    execFile(
      program,
      [...args],
      { timeout: LIMIT_MS, maxBuffer: MOST_OUTPUT, ...options },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
        resolve({ code, output: stdout + stderr, stdout, ms: since(began) });
      },
    );
  });
}

/**
 * Starts a daemon that stays in the foreground.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ log: string, cwd: string, env: NodeJS.ProcessEnv }} options `log`: gets what it prints
 * @returns {number} its pid; 0 when it could not be started
 */
export function background(program, args, { log, cwd, env }) {
  const output = openSync(log, "a");
  const child = spawn(program, [...args], { cwd, env, detached: true, stdio: ["ignore", output, output] });
  closeSync(output);
  child.on("error", () => undefined);
  child.unref();
  return child.pid ?? 0;
}

/** @returns {Promise<number>} a port of this machine that nothing listens on */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} [signal]
 */
export function kill(pid, signal = "SIGKILL") {
  try {
    if (pid > 0) process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
}

/**
 * The number in a pid file; 0 when there is none.
 * @param {string} file
 */
export function readPid(file) {
  try {
    return Number(readFileSync(file, "utf8").trim());
  } catch {
    return 0;
  }
}

/** @param {unknown} error */
export function messageOf(error) {
  return (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ").slice(0, 140);
}
