import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

/**
 * A Node of its own that does nothing but spawn the program `count` times, one after the other.
 * @param {string} root
 * @param {number} count
 * @param {"ends" | "killed"} end by itself, or killed once it runs
 * @param {readonly string[]} argv
 * @returns {Promise<{ firstOutputMs: number | null, spawnedMs: number, exitSeenMs: number }[]>}
 */
export async function bareSpawns(root, count, end, argv) {
  const script = join(root, "bench/baselines/spawning.mjs");
  const { stdout } = await execute(process.execPath, [script, String(count), end, ...argv]);
  return JSON.parse(stdout);
}

/**
 * A bare Node HTTP server that answers every request with one file.
 * @param {string} root
 * @param {string} file
 * @param {"memory" | "stream"} from held in memory, or read from disk for each answer
 */
export async function bareServer(root, file, from) {
  const script = join(root, "bench/baselines/answering.mjs");
  const child = spawn(process.execPath, [script, file, from], { stdio: ["pipe", "pipe", "inherit"] });
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
