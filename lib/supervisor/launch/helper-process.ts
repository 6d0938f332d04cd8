import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import { readStat } from "../processes/stat";

/** It starts processes and reads lines. */
const FLAGS = ["--max-semi-space-size=1", "--max-old-space-size=32", "--v8-pool-size=0"];
/** What a helper that has ended was just starting becomes /bin/sh, or ends, within milliseconds; unless that hangs, too. */
const AFTERMATH_MS = 5_000;

export type HelperProcess = {
  readonly pid: number | undefined;
  write(line: string): void;
  kill(): void;
  /** Lets it end by itself; one that stands still could not, and is killed. */
  letGo(): void;
  /** By a signal, from outside: it would not go on by itself. */
  isStopped(): boolean;
};

/**
 * Starts spawner.mjs.
 * @param onLine what it says, a line at a time
 * @param onGone called once, when it has ended, all it said was heard, and whatever it was just starting has become a launcher or nothing; or with the
 *   reason when it could not be started
 * @throws when it cannot be started
 */
export function startHelperProcess(
  script: string,
  onLine: (line: string) => void,
  onGone: (error: Error | null) => void,
): HelperProcess {
  const { LD_LIBRARY_PATH } = process.env;
  const child = spawn(process.execPath, [...FLAGS, script], {
    cwd: "/",
    env: (LD_LIBRARY_PATH === undefined ? {} : { LD_LIBRARY_PATH }) as NodeJS.ProcessEnv,
    // The last is never written to. Whatever it forks holds it until it becomes another program, so its end tells that all have.
    stdio: ["pipe", "pipe", "ignore", "pipe"],
    // A session of its own: a Ctrl-C in the terminal is for the dashboard, which still starts and ends runs while it shuts down.
    detached: true,
  });
  // Neither it nor its pipes keep this process from ending.
  child.unref();
  for (const stream of streamsOf(child)) {
    stream.on("error", () => undefined);
    stream.unref();
  }
  if (child.stdout != null) createInterface({ input: child.stdout }).on("line", onLine);
  (child.stdio?.[3] as Socket | null | undefined)?.resume();
  whenGone(child, onGone);
  return {
    pid: child.pid,
    write: (line) => void child.stdin?.write(`${line}\n`),
    kill: () => void child.kill("SIGKILL"),
    letGo: () => {
      child.stdin?.end();
      if (isStopped(child.pid)) child.kill("SIGKILL");
    },
    isStopped: () => isStopped(child.pid),
  };
}

/** None where it could not be started for want of descriptors. */
function streamsOf({ stdio }: ChildProcess): Socket[] {
  return (stdio ?? []).filter((stream) => stream !== null && stream !== undefined) as unknown as Socket[];
}

function whenGone(child: ChildProcess, tell: (error: Error | null) => void): void {
  let told = false;
  const once = (error: Error | null) => {
    if (!told) tell(error);
    told = true;
  };
  child.on("error", (error) => {
    // One that was started has not ended because something could not be done to it.
    if (child.pid === undefined) once(error);
  });
  // `close` comes when its pipes have ended, too; all it said has been heard by then.
  child.once("close", () => once(null));
  child.once("exit", () => setTimeout(() => once(null), AFTERMATH_MS).unref());
}

function isStopped(pid: number | undefined): boolean {
  try {
    return pid !== undefined && readStat(pid)?.state === "T";
  } catch {
    // Gone, which its exit tells; or not to be read now.
    return false;
  }
}
