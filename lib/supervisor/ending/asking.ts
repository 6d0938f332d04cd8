import { setTimeout as wait } from "node:timers/promises";
import type { ProcessIdentity } from "@/lib/domain/run";
import type { SignalProfile, StopSignal } from "@/lib/domain/signal-profile";
import { EVERYBODY_FROM, signalForOthers, stepDue } from "@/lib/domain/signals";
import { type AskedRound, type AskedSoFar, afterRound } from "@/lib/domain/signals-sent";
import { isAlive, type Processes, type ProcessInfo } from "../processes/processes";
import { mayBeForking, nextProgram, othersIn, targetsOf } from "../processes/program-of";
import { type SignalResult, signalProcess } from "../processes/signal";

const AGAIN_AFTER_MS = 50;
/** From a shell's fork to its child's exec, on a machine that has other things to do. */
const FORK_LOOK_MS = 10;
const MOST_LOOKS_AT_A_FORK = 10;
/** A wrapper whose program has ended is about to end too. One that has not by then starts the next program, or hangs. */
const WRAPPER_ENDS_WITHIN_MS = 250;
const LOOK_FOR_NEXT_EVERY_MS = 1_000;
/** What is left when the program has ended may be writing its last; it is not left alone until the grace is over. */
const LEFT_OVER_FOR_MS = 1_000;
/** Processes that a shortened grace would kill unasked are asked after all, and have this long. */
const LAST_WORD_MS = 1_000;

/** Both in milliseconds; with a grace of 0 no process is asked. */
export type StopClock = () => { readonly sinceMs: number; readonly graceMs: number };

export type AskHow = {
  readonly profile: SignalProfile;
  /** To its program a second signal means "at once": who would forward one is not asked while the program lives. */
  readonly once: boolean;
  readonly clock: StopClock;
  /** Who belongs to it now. */
  find(): Promise<readonly ProcessInfo[]>;
  /** Where the program is looked for; null, or gone: at the members without a parent in the tree. */
  root(): ProcessIdentity | null;
  hasEnded(): boolean;
  /** Written down before it is done: a dashboard that dies in between must not leave a successor that asks again. */
  note(round: AskedRound, members: readonly ProcessInfo[]): Promise<void>;
  readonly abort: AbortSignal;
};

export type Asker = {
  /** Asks those who are due now. @returns how many were signalled */
  tick(): Promise<number>;
  /** Before the kill: asks those who were never asked, and gives them a moment. @returns how many were signalled */
  lastWord(): Promise<number>;
};

/** Asks the processes of one tree to end as its profile says, and none of them twice in one step, whichever dashboard began. */
export function asker(processes: Processes, how: AskHow, before: AskedSoFar): Asker {
  const { profile, abort } = how;
  let sofar = before;
  /** The program that was asked last; while it lives there is nothing to look for. */
  let program: readonly ProcessIdentity[] = before.processes;
  /** Who was there beside it; null: not looked at yet by this dashboard. */
  let beside: readonly ProcessIdentity[] | null = null;
  let lookForNextAt: number | null = null;
  let endedAt: number | null = null;

  async function send(
    round: Omit<AskedRound, "processes">,
    targets: readonly ProcessInfo[],
    members: readonly ProcessInfo[],
    mayGoOn: () => boolean = hasTime,
  ): Promise<number> {
    if (targets.length === 0 || abort.aborted) return 0;
    const full = { ...round, processes: targets.map(({ pid, startTicks }) => ({ pid, startTicks })) };
    await how.note(full, members);
    sofar = afterRound(sofar, full);
    const reached = await signalAll(
      processes,
      targets,
      round.signal as StopSignal,
      () => mayGoOn() && !abort.aborted,
    );
    // After it, and to all: a stopped process would see its signal too late, or hold up the one that was asked.
    for (const each of members) tried(() => signalProcess(processes, each, "SIGCONT"));
    return reached;
  }

  function hasTime(): boolean {
    const { sinceMs, graceMs } = how.clock();
    return sinceMs < graceMs;
  }

  async function takeStep(step: number): Promise<number> {
    const { members, signal, targets, beside: others } = await lookSteadily(step);
    const reached = await send({ signal, asked: profile.to, step }, targets, members);
    if (targets.length > 0) program = targets;
    beside = others;
    return reached;
  }

  /** Until a second reading of the same processes says the same, and no target may be a shell that has just forked. */
  async function lookSteadily(step: number) {
    for (let left = MOST_LOOKS_AT_A_FORK; ; left -= 1) {
      const members = await how.find();
      const look = lookAt(members, step);
      const isSteady =
        !mayBeForking(processes, members, look.targets) &&
        samePids(look.targets, lookAt(members, step).targets);
      if (isSteady || left === 0 || abort.aborted) return { ...look, members };
      await wait(FORK_LOOK_MS);
    }
  }

  function lookAt(members: readonly ProcessInfo[], step: number) {
    const signal = signalOf(step);
    const ask = { signal, to: profile.to, once: how.once };
    return { signal, ...targetsOf(processes, members, how.root(), ask) };
  }

  async function askOthers(mayGoOn?: () => boolean): Promise<readonly [number, readonly ProcessInfo[]]> {
    const members = await how.find();
    const targets = othersIn(members, sofar, how.once);
    const round = { signal: signalForOthers(profile), asked: "others", step: null } as const;
    const reached = await send(round, targets, members, mayGoOn);
    sofar = { ...sofar, everybody: true };
    return [reached, targets];
  }

  /**
   * The program has ended, and the shell above it has gone on with the next one. The shell first, so that there is no third, and by
   * SIGTERM: a shell that sees its program survive a SIGINT takes it for none. Processes that were there when
   * the program was asked belong to the others.
   */
  async function askNext(step: number): Promise<number> {
    const members = await how.find();
    const signal = signalOf(step);
    const { shells, asked } = nextProgram(processes, members, how.root(), signal, sofar, beside ?? []);
    const first = await send({ signal: "SIGTERM", asked: "program", step }, shells, members);
    const then = await send({ signal, asked: "program", step }, asked, members);
    if (asked.length > 0) program = asked;
    return first + then;
  }

  function signalOf(step: number): StopSignal {
    return profile.sequence[step]?.signal ?? "SIGTERM";
  }

  function programLives(): boolean {
    return program.some((each) => isAlive(processes, each));
  }

  function mayHaveGoneOn(now: number): boolean {
    if (profile.to === "tree" || endedAt !== null || programLives()) {
      lookForNextAt = null;
      return false;
    }
    lookForNextAt ??= now + WRAPPER_ENDS_WITHIN_MS;
    if (now < lookForNextAt) return false;
    lookForNextAt = now + LOOK_FOR_NEXT_EVERY_MS;
    return true;
  }

  return {
    async tick() {
      const { sinceMs, graceMs } = how.clock();
      if (sinceMs >= graceMs) return 0;
      const step = stepDue(profile.sequence, sinceMs, graceMs);
      if (step >= sofar.steps) return takeStep(step);
      // An earlier dashboard has asked it; those beside it are known as long as it lives.
      if (beside === null && programLives()) beside = lookAt(await how.find(), step).beside;
      const now = performance.now();
      if (how.hasEnded()) endedAt ??= now;
      const leftOver = endedAt !== null && now - endedAt >= LEFT_OVER_FOR_MS;
      if (!sofar.everybody && (leftOver || sinceMs >= graceMs * EVERYBODY_FROM))
        return (await askOthers())[0];
      return mayHaveGoneOn(now) ? askNext(step) : 0;
    },
    async lastWord() {
      const { graceMs } = how.clock();
      if (graceMs <= 0 || sofar.everybody || abort.aborted) return 0;
      const until = performance.now() + Math.min(LAST_WORD_MS, graceMs * (1 - EVERYBODY_FROM));
      const hasMoment = () => performance.now() < until && how.clock().graceMs > 0 && !abort.aborted;
      const [reached, targets] = await askOthers(hasMoment);
      while (hasMoment() && targets.some((each) => isAlive(processes, each))) await wait(AGAIN_AFTER_MS);
      return reached;
    },
  };
}

function samePids(some: readonly ProcessInfo[], others: readonly ProcessInfo[]): boolean {
  return some.map(({ pid }) => pid).join() === others.map(({ pid }) => pid).join();
}

/**
 * Once recorded they are not asked again: so none is left out that cannot be looked at just now (out of
 * descriptors).
 */
async function signalAll(
  processes: Processes,
  targets: readonly ProcessInfo[],
  signal: StopSignal,
  mayGoOn: () => boolean,
): Promise<number> {
  let reached = 0;
  for (let left = targets; left.length > 0 && mayGoOn(); ) {
    const doubtful: ProcessInfo[] = [];
    for (const each of left) {
      const sent = tried(() => signalProcess(processes, each, signal));
      if (sent === null) doubtful.push(each);
      else if (sent === "sent") reached += 1;
    }
    left = doubtful;
    if (left.length > 0) await wait(AGAIN_AFTER_MS);
  }
  return reached;
}

function tried(signal: () => SignalResult): SignalResult | null {
  try {
    return signal();
  } catch {
    return null;
  }
}
