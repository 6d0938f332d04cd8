import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const execute = promisify(execFile);
const SPAWNING = fileURLToPath(new URL("../baselines/spawning.mjs", import.meta.url));
const ANSWERING = fileURLToPath(new URL("../baselines/answering.mjs", import.meta.url));

/**
 * A Node of its own that does nothing but spawn the program `count` times, one after the other.
 * @param {number} count
 * @param {"ends" | "killed"} end by itself, or killed once it runs
 * @param {readonly string[]} argv
 * @returns {Promise<{ firstOutputMs: number | null, spawnedMs: number, exitSeenMs: number }[]>}
 */
export async function bareSpawns(count, end, argv) {
  try {
    const { stdout } = await execute(process.execPath, [SPAWNING, String(count), end, ...argv]);
    return JSON.parse(stdout);
  } catch (error) {
    const { code, signal, stderr } = /** @type {import("node:child_process").ExecFileException} */ (error);
    throw new Error(`The baseline ended with ${signal ?? code}:\n${stderr}`, { cause: error });
  }
}

/**
 * A bare Node HTTP server that answers every request with one file.
 * @param {string} file
 * @param {"memory" | "stream"} from held in memory, or read from disk for each answer
 */
export async function bareServer(file, from) {
  const child = spawn(process.execPath, [ANSWERING, file, from], { stdio: ["pipe", "pipe", "inherit"] });
  const [port] = await once(child.stdout, "data");
  return {
    origin: `http://127.0.0.1:${String(port).trim()}`,
    stop: async () => {
      const gone = once(child, "exit");
      // It ends with its standard input, so it also ends when this process is killed.
      child.stdin.end();
      await gone;
    },
  };
}
