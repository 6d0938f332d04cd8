import type { JobKind } from "./job";
import type { SignalProfile, SignalStep, StopSignal } from "./signal-profile";

/**
 * What each kind is asked by when its job says nothing.
 * Scrapy: one SIGINT, because a second makes it drop its queue; downloads in flight may take their full timeout of 180 s.
 * Crawlee: on SIGTERM it would end at once with state up to 60 s old; on SIGINT it waits up to 20 s and saves.
 */
const USUAL = {
  command: { signal: "SIGTERM", waitMs: 10_000 },
  scrapy: { signal: "SIGINT", waitMs: 200_000 },
  crawlee: { signal: "SIGINT", waitMs: 25_000 },
} as const satisfies Record<JobKind, SignalStep>;

export function usualSignals(kind: JobKind): SignalProfile {
  return { to: "program", sequence: [USUAL[kind]] };
}

/**
 * What a job or run had that was written before there were profiles: its kind's signal for every process. Not so for a crawl, which a wrapper
 * that forwards its own signal would ask twice, and that was never meant.
 */
export function earlierSignals(kind: JobKind, stopGraceMs: number): SignalProfile {
  const to = isAskedOnce(kind) ? "program" : "tree";
  return { to, sequence: withGrace(usualSignals(kind).sequence, stopGraceMs) };
}

/** Kinds to whose programs a second signal means "at once", and then nothing is saved. */
export function isAskedOnce(kind: JobKind): boolean {
  return kind !== "command";
}

/** Milliseconds. */
export function graceOf({ sequence }: Pick<SignalProfile, "sequence">): number {
  return sequence.reduce((sum, { waitMs }) => sum + waitMs, 0);
}

/** The same sequence within another grace: less is cut from its end, more goes to its last step. */
export function withGrace(sequence: readonly SignalStep[], graceMs: number): readonly SignalStep[] {
  const kept: SignalStep[] = [];
  let left = graceMs;
  for (const [at, { signal, waitMs }] of sequence.entries()) {
    if (at > 0 && left <= 0) break;
    const isLast = at === sequence.length - 1;
    kept.push({ signal, waitMs: isLast ? left : Math.min(waitMs, left) });
    left -= waitMs;
  }
  return kept;
}

/** After a change of kind: what was usual for the one becomes what is usual for the other, and what was chosen stays. */
export function afterKindChange(profile: SignalProfile, from: JobKind, to: JobKind): SignalProfile {
  const [only, ...more] = profile.sequence;
  if (more.length > 0 || only?.signal !== USUAL[from].signal) return profile;
  return { ...profile, sequence: [{ ...only, signal: USUAL[to].signal }] };
}

/** Why this kind cannot be asked so; null when it can. */
export function profileProblem(kind: JobKind, { sequence }: Pick<SignalProfile, "sequence">): string | null {
  if (!isAskedOnce(kind) || sequence.length <= 1) return null;
  return `a ${kind} job takes one signal, found ${sequence.length}: a second one makes the crawl end immediately, and what it had queued is lost. Keep the first step and give it the whole time`;
}

/**
 * Which step is due.
 * @param sinceMs since the run was asked to end, in milliseconds
 * @param graceMs what it has in all, which may be less or more than the sequence takes
 */
export function stepDue(sequence: readonly SignalStep[], sinceMs: number, graceMs: number): number {
  let due = 0;
  let begins = 0;
  for (const [at, { waitMs }] of sequence.entries()) {
    if (begins > sinceMs || begins >= graceMs) break;
    due = at;
    begins += waitMs;
  }
  return due;
}

/** From then on, of the grace, those who were not asked yet are asked too: helpers of the program, its wrappers, its children. */
export const EVERYBODY_FROM = 2 / 3;

/** Those whose default is to end a process, so that they mean the same to a program that knows nothing of the job. */
const UNDERSTOOD_BY_ALL: readonly StopSignal[] = ["SIGTERM", "SIGINT", "SIGHUP"];

/** What the others get: a SIGUSR1 or SIGWINCH is the program's own affair. */
export function signalForOthers({ sequence }: Pick<SignalProfile, "sequence">): StopSignal {
  return (
    sequence.map(({ signal }) => signal).find((signal) => UNDERSTOOD_BY_ALL.includes(signal)) ?? "SIGTERM"
  );
}
