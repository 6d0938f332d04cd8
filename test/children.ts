import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { isRunning, kill, processesOfRuns } from "./processes";
import { until } from "./until";

export type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null };
export type Child = { readonly pid: number; readonly process: ChildProcess; readonly ended: Promise<Ended> };

/**
 * Everything this file starts carries this in its environment, children of children too (unless they clear it). The dot ends
 * the number: 12 must not be taken for the beginning of 123, which is another file's.
 */
export const OURS = `test.${process.pid}.`;
const started = new Set<Child>();
let anyStarted = false;

type Options = Omit<SpawnOptions, "env"> & { readonly env?: Readonly<Record<string, string>> };

/** Starts a real program; whatever of it is alive when the test is over is ended and fails the test (`after-each.ts`). */
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
  anyStarted = true;
  const forget = () => started.delete(entry);
  ended.then(forget, forget);
  return entry;
}

/** Ends a child this file started, for tests that need it no longer, and waits until it is gone. */
export async function endChild(child: Child): Promise<void> {
  child.process.kill("SIGKILL");
  await child.ended;
}

/** The short sleep of a shell that was just ended is about to end too: only what stays was left behind. */
const ENDING_MS = 3_000;

/** After each test, by `after-each.ts`. @throws Error when a child was alive, which is ended */
export async function endChildrenLeft(): Promise<void> {
  if (!anyStarted) return;
  anyStarted = false;
  const began = performance.now();
  let pids = alivePids();
  while (pids.length > 0 && performance.now() - began < ENDING_MS) {
    await wait(25);
    pids = alivePids();
  }
  if (pids.length === 0) return;
  const told = pids.join(", ");
  await until("the children left over are gone", () => {
    for (const pid of alivePids()) kill(pid, "SIGKILL");
    return alivePids().length === 0;
  });
  throw new Error(`The test left processes alive: ${told}`);
}

function alivePids(): number[] {
  const known = [...started].map((child) => child.pid);
  const marked = processesOfRuns((marker) => marker.startsWith(OURS)).map(({ pid }) => pid);
  return [...new Set([...known, ...marked])].filter((pid) => pid !== process.pid && isRunning(pid));
}
