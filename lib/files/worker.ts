import { AppError } from "@/lib/domain/errors";
import { notAnswering } from "@/lib/domain/files";
import { type Answer, type Child, type ChildEvents, startChild } from "./child-process";
import { isBelow, type Mounts } from "./mounts";

export type PoolOptions = {
  /** Absolute path of child/main.mjs. */
  readonly script: string;
  /** Whose rights they have; null: ours. */
  readonly user: string | null;
  /** What has not answered after so long is taken not to. */
  readonly timeoutMs: number;
  /** Where our own files are: if its mount hung we would not be here, so that is never blamed as a whole. */
  readonly ownFolder: string;
  readonly log: { warn(fields: Readonly<Record<string, unknown>>, event: string): void };
  /** For tests: after so long without a question a process ends. */
  readonly idleMs?: number;
};

export type Request = {
  readonly op: string;
  readonly args: readonly unknown[];
  /** The path it is about. */
  readonly about: string;
  /** Never left to be done later: who was told that it did not happen must be able to rely on it. */
  readonly writes?: boolean;
};

export type Waiting = Request & {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Monotonic. */
  readonly since: number;
  /** The process that had it ended without an answer. */
  readonly isAskedAgain?: boolean;
};

export type Worker = {
  readonly child: Child;
  ready: boolean;
  request: Waiting | null;
  /** When its request was sent. Monotonic. */
  since: number;
  timer: NodeJS.Timeout | undefined;
  /** What it hangs at, or asks again and again; null: it is at work or free. */
  hangsAt: string | null;
  /** Where it was writing when it was given up. */
  writesAt: string | null;
  knows: Mounts | null;
};

/** A request that takes longer may hang, so the others get a process of their own. */
const SLOW_MS = 50;
/** A process that only waits for its turn on a busy machine gets this many times as long. */
export const MOST_PATIENCE = 10;

/** One that is not ready by then is killed. */
const START_MS = 30_000;
export const IDLE_MS = 20_000;

/** @param hangsAt the mount that it is to ask about again and again; null: it is to work */
export function startWorker(
  { script, user }: Pick<PoolOptions, "script" | "user">,
  hangsAt: string | null,
  events: ChildEvents,
): Worker {
  const onReady = () => {
    worker.ready = true;
    clearTimeout(worker.timer);
    events.onReady();
  };
  const worker: Worker = {
    child: startChild(script, user, { ...events, onReady }),
    ready: false,
    request: null,
    since: performance.now(),
    timer: later(START_MS, () => worker.child.kill()),
    hangsAt,
    writesAt: null,
    knows: null,
  };
  if (user !== null) endIfStopped(worker);
  return worker;
}

const LOOK_MS = 500;

/** Any program of a user can stop that user's processes, and those who ask need not wait until it is late. */
function endIfStopped(worker: Worker): void {
  const isStopped = worker.ready ? null : worker.child.isStopped();
  if (isStopped === true) worker.child.kill();
  if (isStopped === false) later(LOOK_MS, () => endIfStopped(worker));
}

/** A process that has ended without an answer. Ours are ended by the kernel alone, for want of memory say; another user's by any program of that user. */
export function ended({ user, timeoutMs }: PoolOptions, { about, writes }: Request): Error {
  if (user === null) return new Error("The process that reads files has ended.");
  const done = writes ? "It may have been done or not." : "Nothing was changed.";
  const message = `${about} could not be looked at: the process that reads and writes as ${user} was ended or stopped before it could answer, which a program of that user's may do. ${done} Try again; if it goes on, end that user's programs.`;
  return new AppError("PATH_NOT_ANSWERING", message, { path: about, hangsAt: null, withinMs: timeoutMs });
}

export function isSlow({ request, since }: Worker): boolean {
  return request !== null && performance.now() - since > SLOW_MS;
}

/** Whether it was to write there when it was given up, and is not gone yet. */
export function isWritingTo({ writesAt }: Worker, path: string): boolean {
  return writesAt !== null && isBelow(path, writesAt);
}

export function settle({ about, resolve, reject }: Waiting, answer: Answer, timeoutMs: number): void {
  if ("hangsAt" in answer) reject(notAnswering(about, timeoutMs, answer.hangsAt));
  else if ("code" in answer) reject(Object.assign(new Error(answer.message), { code: answer.code }));
  else resolve(answer.value);
}

/** Never keeps the process. */
export function later(ms: number, work: () => void): NodeJS.Timeout {
  const timer = setTimeout(work, ms);
  timer.unref();
  return timer;
}

/** When those at work may have turned out slow. */
export function soon(work: () => void): NodeJS.Timeout {
  return later(SLOW_MS, () => afterAnswers(work));
}

/** Answers may have come while this process was held up, so they are looked for before they are missed. */
export function afterAnswers(work: () => void): void {
  setImmediate(() => setImmediate(work));
}
