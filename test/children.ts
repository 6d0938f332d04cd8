import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { afterEach } from "vitest";
import { isRunning, processesOfRuns } from "./processes";
import { until } from "./until";

export type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null };
export type Child = { readonly pid: number; readonly process: ChildProcess; readonly ended: Promise<Ended> };

/** Everything this file starts carries this in its environment, children of children too (unless they clear it). */
export const OURS = `test.${process.pid}`;
const started = new Set<Child>();

type Options = Omit<SpawnOptions, "env"> & { readonly env?: Readonly<Record<string, string>> };

/** Starts a real program; whatever of it is alive when the test is over is ended and fails the test. */
export function startChild(command: string, args: readonly string[], options: Options = {}): Child {
  const child = spawn(command, args, {
    stdio: "ignore",
    ...options,
    env: { ...process.env, UNSTUCK_RUN: OURS, ...options.env },
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  const entry = { pid: child.pid ?? 0, process: child, ended };
  started.add(entry);
  const forget = () => started.delete(entry);
  ended.then(forget, forget);
  return entry;
}

/** Ends a child this file started, for tests that need it no longer, and waits until it is gone. */
export async function endChild(child: Child): Promise<void> {
  child.process.kill("SIGKILL");
  await child.ended;
}

afterEach(async () => {
  const alive = [...started]
    .map((child) => child.pid)
    .concat(processesOfRuns((marker) => marker.startsWith(OURS)).map(({ pid }) => pid))
    .filter((pid) => pid > 1 && pid !== process.pid && isRunning(pid));
  const pids = [...new Set(alive)];
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended since the look.
    }
  }
  if (pids.length === 0) return;
  await until("the children left over are gone", () => !pids.some(isRunning));
  throw new Error(`The test left processes alive: ${pids.join(", ")}`);
});
