import { HOUR_MS } from "./hours";
import { LIFE_SOURCE_WORDS, type LifeSource } from "./life";
import type { Run } from "./run";

/** How an active run is doing. `stuck`, `late` and `silent` are derived when read, never stored. */
export const HEALTHS = ["healthy", "late", "silent", "orphaned", "overdue", "stuck"] as const;
export type Health = (typeof HEALTHS)[number];

/** One fact a verdict rests on. `at`: epoch milliseconds of the observation it speaks of, null when it has no time. */
export type Fact = { readonly fact: string; readonly value: string; readonly at: number | null };
/** Each fact once: of one that several verdicts rest on the first is told, so that it never stands there twice with two values. */
export function mergeFacts(...all: readonly (readonly Fact[])[]): Fact[] {
  const facts = all.flat();
  return facts.filter(({ fact }, at) => facts.findIndex((other) => other.fact === fact) === at);
}
export type HealthVerdict = { readonly health: Health; readonly evidence: readonly Fact[] };

export const STOPPING_ALLOWANCE_MS = 60_000;
export const DEFAULT_STUCK_AFTER_MS = 24 * HOUR_MS;

/** What the supervisor knows of the run's process at the moment of reading. */
export type Observation = {
  /** null: not checked (the supervisor is not this run's, or has just begun). */
  readonly processAlive: boolean | null;
  /** The usual gap between two signs of life of this job, in milliseconds; null when nothing is known yet. */
  readonly usualGapMs: number | null;
  readonly stuckAfterMs: number;
  /** Which sign of life was the last; null: not known here. */
  readonly lastLifeSource?: LifeSource | null;
  /** What it waits for by itself, in words, and until when (epoch milliseconds): meanwhile its silence is as it should be. */
  readonly waits?: { readonly what: string; readonly until: number } | null;
  /** null or absent: the run is not watched, and the row's times must do. */
  readonly elapsed?: ObservedElapsed | null;
};

/** Measured on the monotonic clock, so it is believed rather than the difference of two wall times. */
export type ObservedElapsed = {
  /** Since the last sign of life, or since the start when there was none. */
  readonly quietMs: number;
  readonly ranMs: number;
  readonly stoppingMs: number | null;
};

/** A gap this many times the usual one is late. */
const LATE_FACTOR = 3;
const LATE_AT_LEAST_MS = 30_000;

/**
 * Judges an active run; null for a final one.
 * @param now epoch milliseconds
 */
export function judgeHealth(run: Run, seen: Observation, now: number): HealthVerdict | null {
  switch (run.state) {
    case "queued":
      return { health: "healthy", evidence: [waiting(run)] };
    case "starting":
      return judgeTransitional(run, startingFor(run, seen, now), run.spec.timeouts.startMs);
    case "stopping": {
      const allowed = (run.graceMs ?? run.spec.timeouts.stopGraceMs) + STOPPING_ALLOWANCE_MS;
      return judgeTransitional(run, stoppingFor(run, seen, now), allowed);
    }
    case "running":
      return judgeRunning(run, seen, now);
    default:
      return null;
  }
}

type Lasted = { readonly ms: number; readonly since: number };

function startingFor(run: Run, { elapsed }: Observation, now: number): Lasted {
  const since = run.claimedAt ?? run.queuedAt;
  return { ms: elapsed?.ranMs ?? now - since, since };
}

function stoppingFor(run: Run, { elapsed }: Observation, now: number): Lasted {
  const since = run.stopRequestedAt ?? run.queuedAt;
  return { ms: elapsed?.stoppingMs ?? now - since, since };
}

function judgeTransitional(run: Run, { ms, since }: Lasted, allowedMs: number): HealthVerdict {
  const evidence = [
    { fact: `${run.state} since`, value: duration(ms), at: since },
    { fact: "allowed", value: duration(allowedMs), at: null },
  ];
  return { health: ms > allowedMs ? "overdue" : "healthy", evidence };
}

function judgeRunning(run: Run, seen: Observation, now: number): HealthVerdict {
  const begun = run.startedAt ?? run.queuedAt;
  // A run that never spoke counts from its start: no sign of life yet is not a sign of life long ago.
  const quietMs = seen.elapsed?.quietMs ?? now - (run.lastLifeAt ?? begun);
  const ranMs = seen.elapsed?.ranMs ?? now - begun;
  const health = runningHealth(run, seen, quietMs, ranMs);
  const evidence = [
    processFact(run, seen),
    lifeFact(run, ranMs, now),
    ...sourceFact(seen),
    ...rhythmFact(seen, quietMs),
    ...waitFact(seen),
    timeoutFact(run),
  ];
  return { health, evidence };
}

function runningHealth(run: Run, seen: Observation, quietMs: number, ranMs: number): Health {
  if (seen.processAlive === false) return "orphaned";
  if (seen.waits) return "healthy";
  if (quietMs > run.spec.timeouts.silenceMs) return ranMs > seen.stuckAfterMs ? "stuck" : "silent";
  return isLate(seen, quietMs) ? "late" : "healthy";
}

/** A run that usually speaks every so often is late when it has been quiet for longer than this. */
export function lateAfterMs(usualGapMs: number): number {
  return Math.max(LATE_AT_LEAST_MS, LATE_FACTOR * usualGapMs);
}

function isLate({ usualGapMs, waits }: Observation, quietMs: number): boolean {
  return !waits && usualGapMs !== null && quietMs > lateAfterMs(usualGapMs);
}

function waiting(run: Run): Fact {
  return { fact: "waits for", value: run.waitingFor ?? "its turn to start", at: run.queuedAt };
}

function processFact(run: Run, seen: Observation): Fact {
  const value = seen.processAlive === null ? "not looked at yet" : seen.processAlive ? "alive" : "not there";
  return { fact: run.process === null ? "process" : `process ${run.process.pid}`, value, at: run.startedAt };
}

/** Signs of life are looked for this often, so before that it is not known that there was none. */
const LOOKED_FOR_EVERY_MS = 2_000;

function lifeFact(run: Run, ranMs: number, now: number): Fact {
  const every = duration(LOOKED_FOR_EVERY_MS);
  if (run.lastLifeAt === null) {
    const none =
      ranMs < LOOKED_FOR_EVERY_MS ? `not checked yet (every ${every})` : `none in ${duration(ranMs)}`;
    return { fact: "last sign of life", value: none, at: null };
  }
  return { fact: "last sign of life", value: `${duration(now - run.lastLifeAt)} ago`, at: run.lastLifeAt };
}

function sourceFact({ lastLifeSource }: Observation): Fact[] {
  if (!lastLifeSource) return [];
  return [{ fact: "the last sign was", value: LIFE_SOURCE_WORDS[lastLifeSource], at: null }];
}

/** The name of the fact that says how often a run speaks, and when it is late, how long it has been quiet. */
export const RHYTHM = "rhythm";

function rhythmFact(seen: Observation, quietMs: number): Fact[] {
  if (seen.usualGapMs === null) return [];
  const usual = `usually prints every ${duration(seen.usualGapMs)}`;
  return [
    {
      fact: RHYTHM,
      value: isLate(seen, quietMs) ? `${usual}; quiet for ${duration(quietMs)}` : usual,
      at: null,
    },
  ];
}

function waitFact({ waits }: Observation): Fact[] {
  return waits ? [{ fact: "waits for", value: waits.what, at: waits.until }] : [];
}

function timeoutFact(run: Run): Fact {
  return { fact: "may be silent for", value: duration(run.spec.timeouts.silenceMs), at: null };
}

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
] as const;

/** `90_000` → `1 min 30 s`: the two largest units, for sentences. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  const parts: string[] = [];
  let rest = ms;
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.slice(0, 2).join(" ");
}
