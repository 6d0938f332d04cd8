import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

/**
 * SQLite copies what was committed into the database file when a thousand pages of it have gathered, within a commit: for 50 to 120 ms the
 * disk is all that this process does. Where much is written in a row, another process does it in between.
 */
export type Checkpoints = {
  /** Comes back when what was committed has been copied, or could not be: SQLite then does it as ever. Never fails. */
  make(): Promise<void>;
  close(): Promise<void>;
};

export const LIMITS = {
  /** How long the process stays when it is not asked. */
  idleMs: 5_000,
  /** Copying takes milliseconds. A process that was stopped, or waits for a disk that hangs, is given up. */
  answerMs: 2_000,
  /** Starting a process holds up this one, so one that failed is not followed by the next at once. */
  restMs: 60_000,
  /** From being let go until it is killed. */
  endMs: 2_000,
};

/** It loads SQLite and nothing else. */
const FLAGS = ["--max-semi-space-size=1", "--max-old-space-size=32", "--v8-pool-size=0"];

/**
 * The process is there while it is asked now and then. A thread would do the same, but after an upgrade of the program's folder it could
 * load another SQLite than the one that is open here, and two in one process undo each other's locks.
 * @param root the folder that holds lib/ and node_modules/
 */
export function checkpointsOf(
  root: string,
  file: string,
  limits = LIMITS,
  start: () => ChildProcess = () => startProcess(root, file),
): Checkpoints {
  let child: ChildProcess | null = null;
  let idle: NodeJS.Timeout | undefined;
  let restsUntil = 0;
  let isClosed = false;
  /** One after the other: the process does not say which question it answers. */
  let last: Promise<void> = Promise.resolve();

  async function asked(): Promise<void> {
    if (isClosed) return;
    clearTimeout(idle);
    child ??= performance.now() < restsUntil ? null : started();
    if (child === null) return;
    if (await answers(child, limits.answerMs)) idle = setTimeout(() => void end(), limits.idleMs).unref();
    else giveUp();
  }

  function started(): ChildProcess | null {
    try {
      const made = start();
      made.once("exit", () => {
        if (child === made) child = null;
      });
      // Without a listener it would end the dashboard. Whether it answers is seen when it is asked.
      made.on("error", () => undefined);
      return made;
    } catch {
      rest();
      return null;
    }
  }

  function rest(): void {
    restsUntil = performance.now() + limits.restMs;
  }

  function giveUp(): void {
    child?.kill("SIGKILL");
    child = null;
    rest();
  }

  async function end(): Promise<void> {
    clearTimeout(idle);
    const one = child;
    child = null;
    if (one !== null) await ended(one, limits.endMs);
  }

  return {
    make() {
      last = last.then(asked);
      return last;
    },
    async close() {
      isClosed = true;
      await end();
      await last;
    },
  };
}

function startProcess(root: string, file: string): ChildProcess {
  const { LD_LIBRARY_PATH } = process.env;
  // Not fork(): the bundler takes its first argument for a module that it has to find.
  const child = spawn(process.execPath, [...FLAGS, join(root, "lib/store/checkpointer.mjs"), file], {
    cwd: "/",
    env: (LD_LIBRARY_PATH === undefined ? {} : { LD_LIBRARY_PATH }) as NodeJS.ProcessEnv,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  // Neither it nor the channel keeps this process from ending.
  child.unref();
  child.channel?.unref();
  return child;
}

/** Whether it says within this time that it has done what it was asked. */
function answers(child: ChildProcess, withinMs: number): Promise<boolean> {
  // One that could not be started for want of descriptors has no channel, and no method to send with.
  if (!child.connected) return Promise.resolve(false);
  return new Promise((resolve) => {
    const over = (answer: boolean) => {
      clearTimeout(late);
      child.off("message", yes).off("exit", no).off("error", no);
      resolve(answer);
    };
    const yes = () => over(true);
    const no = () => over(false);
    const late = setTimeout(no, withinMs);
    child.once("message", yes).once("exit", no).once("error", no);
    child.send("now", (error) => {
      if (error !== null) no();
    });
  });
}

/** Comes back when it has ended by itself, or was killed. */
function ended(child: ChildProcess, withinMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const late = setTimeout(() => {
      child.kill("SIGKILL");
      resolve();
    }, withinMs);
    child.once("exit", () => {
      clearTimeout(late);
      resolve();
    });
    if (child.connected) child.disconnect();
  });
}
