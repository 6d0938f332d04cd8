import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { deserialize, serialize } from "node:v8";
import { AppError } from "@/lib/domain/errors";

export type Answer =
  | { readonly value: unknown }
  /** It was not tried: it leads to a mount that is known to hang. */
  | { readonly hangsAt: string }
  | { readonly code: string; readonly message: string };

export type Asked = {
  readonly op: string;
  readonly args: readonly unknown[];
  /** A long look ends by itself within this. */
  readonly ms: number;
  readonly hung: readonly string[];
};

/** One process that does what may hang, one request at a time. */
export type Child = {
  readonly pid: number | null;
  /** The mount it is on, or was about to enter, when it was last heard of. */
  readonly at: () => string;
  /** Whether it computes right now instead of waiting in the kernel; null: not known. */
  isWorking(): boolean | null;
  /** Whether a signal has stopped it (SIGSTOP); null: it has ended, or that is not known. */
  isStopped(): boolean | null;
  ask(asked: Asked, mounts: readonly string[] | null): void;
  kill(): void;
};

export type ChildEvents = {
  onReady(): void;
  onAnswer(answer: Answer): void;
  /** @param why it could not be started; null: it was there and has ended */
  onExit(why: Error | null): void;
};

/** What it needs beside stat and read is nothing, and it stays as long as the dashboard. */
const FLAGS = ["--max-semi-space-size=1", "--max-old-space-size=64", "--v8-pool-size=0"];

/** How it ends when it could not become the user it was to; lib/files/child/become.mjs. */
const REFUSALS: Readonly<Record<number, (user: string) => AppError>> = {
  70: (user) =>
    new AppError(
      "RUN_AS_UNKNOWN",
      `This host has no user called "${user}" (or that number goes by another name: see id ${user}). Name one that getent passwd lists.`,
      { runAs: user },
    ),
  71: (user) =>
    new AppError(
      "RUN_AS_NOT_ALLOWED",
      `The dashboard may not become the user "${user}": only root can, and in a container only with the capabilities SETUID and SETGID. Start it as root, or let the job run as the dashboard's own user.`,
      { runAs: user },
    ),
};

/**
 * @param script lib/files/child/main.mjs, or its copy
 * @param user whose rights it has; null: ours
 */
export function startChild(script: string, user: string | null, events: ChildEvents): Child {
  let at = "/";
  let id = 0;
  const child = spawn(process.execPath, [...FLAGS, script, ...(user === null ? [] : [user])], {
    // Not a folder of anybody's, so that it keeps no mount busy.
    cwd: "/",
    env: environment(),
    stdio: ["pipe", "pipe", "ignore"],
    // A session of its own: a Ctrl-C in the terminal is for the dashboard, which still reads while it shuts down.
    detached: true,
  });
  const frames = frameReader((frame) => {
    if (typeof frame.at === "string") at = frame.at;
    else if (frame.ready === true) events.onReady();
    else events.onAnswer(frame as Answer);
  });
  letGo(child);
  child.once("error", (error) => events.onExit(error));
  child.once("exit", (code) => events.onExit(REFUSALS[code ?? 0]?.(user ?? "") ?? null));
  child.stdout?.on("data", frames);
  for (const stream of [child.stdin, child.stdout]) stream?.on("error", () => undefined);
  return {
    pid: child.pid ?? null,
    at: () => at,
    // A machine without a moment for it is not a disk that hangs.
    isWorking: () => isIn(child.pid, "R"),
    isStopped: () => isIn(child.pid, "T"),
    ask(asked, mounts) {
      id += 1;
      at = "/";
      child.stdin?.write(framed({ id, ...asked, ...(mounts === null ? {} : { mounts }) }));
    },
    kill() {
      child.kill("SIGKILL");
      child.stdin?.destroy();
      child.stdout?.destroy();
    },
  };
}

/** Neither it nor its pipes keep this process from ending. */
function letGo(child: ChildProcess): void {
  child.unref();
  // Both are sockets, whatever their types say.
  for (const stream of [child.stdin, child.stdout]) (stream as Socket | null)?.unref();
}

function environment(): NodeJS.ProcessEnv {
  const { LD_LIBRARY_PATH } = process.env;
  return (LD_LIBRARY_PATH === undefined ? {} : { LD_LIBRARY_PATH }) as NodeJS.ProcessEnv;
}

/** @param state as in /proc/PID/stat */
function isIn(pid: number | undefined, state: string): boolean | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).startsWith(state);
  } catch {
    return null;
  }
}

function framed(value: unknown): Buffer {
  const body = serialize(value);
  const head = Buffer.allocUnsafe(4);
  head.writeUInt32LE(body.length);
  return Buffer.concat([head, body]);
}

function frameReader(onFrame: (frame: Record<string, unknown>) => void): (chunk: Buffer) => void {
  let held: Buffer[] = [];
  let heldBytes = 0;
  return (chunk) => {
    held.push(chunk);
    heldBytes += chunk.length;
    for (;;) {
      if (heldBytes < 4) return;
      if ((held[0]?.length ?? 0) < 4) held = [Buffer.concat(held)];
      const size = 4 + (held[0]?.readUInt32LE() ?? 0);
      if (heldBytes < size) return;
      const all = held.length === 1 ? (held[0] ?? Buffer.alloc(0)) : Buffer.concat(held);
      held = [all.subarray(size)];
      heldBytes -= size;
      onFrame(deserialize(all.subarray(4, size)) as Record<string, unknown>);
    }
  };
}
