import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "./api.mjs";
import { hasEnded, processesOfFolder } from "./processes.mjs";
import { until } from "./until.mjs";

/**
 * The built dashboard as its user runs it, on a free port, with a data folder of its own.
 *
 * @typedef {object} BenchServer
 * @property {string} origin
 * @property {number} pid the server's own, also when npm stands before it
 * @property {string} dataDir
 * @property {import("./api.mjs").Api} api
 * @property {() => Promise<void>} stop SIGTERM; resolves when it is gone. Runs live on and the folder stays.
 */

/** @type {Set<import("node:child_process").ChildProcess>} */
const servers = new Set();
/** @type {Set<string>} */
const folders = new Set();

export function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), "unstuck-bench-"));
  folders.add(folder);
  return folder;
}

/**
 * @param {string} root
 * @param {{ dataDir?: string, command?: readonly [string, ...string[]], env?: Readonly<Record<string, string>> }} [options]
 * @returns {Promise<BenchServer>} once it is ready, which is looked for every 5 ms
 */
export async function startServer(root, { dataDir = newFolder(), command, env = {} } = {}) {
  const [program, ...args] = command ?? [process.execPath, "scripts/start.mjs"];
  // A group of its own: npm does not hand every signal on, and a signal to the group reaches the server.
  const child = spawn(program, args, {
    cwd: root,
    env: { ...environment(dataDir), ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  servers.add(child);
  const output = collect(child);
  const alive = () => {
    if (hasEnded(child)) throw new Error(`The server ended:\n${output()}`);
  };
  const origin = await until("the server prints its address", () => {
    alive();
    return /running at (http:\/\/\S+)/.exec(output())?.[1] ?? null;
  });
  const api = connect(origin);
  await until("the server is ready", async () => {
    alive();
    return (await api.get("/health")).status === 200 ? true : null;
  });
  const pid = await serverPid(child, dataDir);
  return { origin, pid, dataDir, api, stop: () => stop(child, api) };
}

/** @param {string} dataDir */
function environment(dataDir) {
  return usersEnvironment({
    UNSTUCK_ON_SHUTDOWN: "leave",
    UNSTUCK_DATA_DIR: dataDir,
    UNSTUCK_LOG_LEVEL: "warn",
    UNSTUCK_AUTH: "off",
    ...(process.getuid?.() === 0 ? { UNSTUCK_RUN_AS: "root" } : {}),
    PORT: "0",
  });
}

/**
 * This process's environment without what npm, a bench or a setting of ours has put there.
 * @param {Readonly<Record<string, string>>} own what is added
 */
export function usersEnvironment(own) {
  /** @type {Record<string, string>} */
  const kept = {};
  for (const [name, value] of Object.entries(process.env))
    if (value !== undefined && !/^(UNSTUCK_|npm_|NODE_ENV$|PORT$|HOST$|INIT_CWD$)/.test(name))
      kept[name] = value;
  // Next's types demand NODE_ENV of every environment; a user's has none.
  return /** @type {NodeJS.ProcessEnv} */ (/** @type {unknown} */ ({ ...kept, ...own }));
}

/** @param {import("node:child_process").ChildProcess} child */
function collect(child) {
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (/** @type {Buffer} */ chunk) => {
      printed = (printed + chunk.toString()).slice(-20_000);
    });
  return () => printed;
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @param {string} dataDir
 */
async function serverPid(child, dataDir) {
  if (child.spawnargs[0] === process.execPath) return child.pid ?? 0;
  const found = processesOfFolder(dataDir).find(({ command }) => command.includes("scripts/start.mjs"));
  return found?.pid ?? child.pid ?? 0;
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @param {import("./api.mjs").Api} api
 */
async function stop(child, api) {
  api.close();
  signalGroup(child, "SIGTERM");
  await until("the server has ended", () => (hasEnded(child) ? true : null));
  servers.delete(child);
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalGroup(child, signal) {
  if (child.pid === undefined || hasEnded(child)) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}

/** Ends every server and every run that was started, and removes their folders: nothing is left behind, come what may. */
export async function cleanUp() {
  for (const child of servers) {
    signalGroup(child, "SIGKILL");
    await until("a server has ended", () => (hasEnded(child) ? true : null));
  }
  servers.clear();
  await endAllIn([...folders]);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders.clear();
}

/**
 * Ends every process that was started out of these folders, and what they start meanwhile.
 * @param {readonly string[]} all
 */
export async function endAllIn(all) {
  await until(
    "what was left has ended",
    () => {
      const left = all.flatMap(processesOfFolder);
      for (const { pid } of left) kill(pid);
      return left.length === 0 ? true : null;
    },
    50,
  );
}

/** @param {number} pid */
function kill(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended between the look and the signal.
  }
}
