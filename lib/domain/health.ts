import type { Run } from "./run";

/** How an active run is doing. `stuck`, `late` and `silent` are derived when read, never stored. */
export const HEALTHS = ["healthy", "late", "silent", "orphaned", "overdue", "stuck"] as const;
export type Health = (typeof HEALTHS)[number];

/** One fact a verdict rests on. `at`: epoch milliseconds of the observation it speaks of, null when it has no time. */
export type Fact = { readonly fact: string; readonly value: string; readonly at: number | null };
export type HealthVerdict = { readonly health: Health; readonly evidence: readonly Fact[] };

export const STOPPING_ALLOWANCE_MS = 60_000;
export const DEFAULT_STUCK_AFTER_MS = 24 * 3_600_000;

/** What the supervisor knows of the run's process at the moment of reading. */
export type Observation = {
  /** null: nobody has looked (the supervisor is not this run's, or has just begun). */
  readonly processAlive: boolean | null;
  /** The usual gap between two signs of life of this job, in milliseconds; null when nothing is known yet. */
  readonly usualGapMs: number | null;
  readonly stuckAfterMs: number;
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
      return judgeTransitional(run, run.claimedAt ?? run.queuedAt, run.spec.timeouts.startMs, now);
    case "stopping": {
      const allowed = (run.graceMs ?? run.spec.timeouts.stopGraceMs) + STOPPING_ALLOWANCE_MS;
      return judgeTransitional(run, run.stopRequestedAt ?? run.queuedAt, allowed, now);
    }
    case "running":
      return judgeRunning(run, seen, now);
    default:
      return null;
  }
}

function judgeTransitional(run: Run, since: number, allowedMs: number, now: number): HealthVerdict {
  const evidence = [
    { fact: `${run.state} since`, value: duration(now - since), at: since },
    { fact: "allowed", value: duration(allowedMs), at: null },
  ];
  return { health: now - since > allowedMs ? "overdue" : "healthy", evidence };
}

function judgeRunning(run: Run, seen: Observation, now: number): HealthVerdict {
  const evidence = [processFact(run, seen), lifeFact(run, now), timeoutFact(run)];
  return { health: runningHealth(run, seen, now), evidence };
}

function runningHealth(run: Run, seen: Observation, now: number): Health {
  if (seen.processAlive === false) return "orphaned";
  const begun = run.startedAt ?? run.queuedAt;
  // A run that never spoke counts from its start: no sign of life yet is not a sign of life long ago.
  const quietMs = now - (run.lastLifeAt ?? begun);
  const tooOld = now - begun > seen.stuckAfterMs;
  if (quietMs > run.spec.timeouts.silenceMs) return tooOld ? "stuck" : "silent";
  if (seen.usualGapMs !== null && quietMs > Math.max(LATE_AT_LEAST_MS, LATE_FACTOR * seen.usualGapMs))
    return "late";
  return "healthy";
}

function waiting(run: Run): Fact {
  return { fact: "waits for", value: run.waitingFor ?? "its turn to start", at: run.queuedAt };
}

function processFact(run: Run, seen: Observation): Fact {
  const value = seen.processAlive === null ? "not looked at yet" : seen.processAlive ? "alive" : "not there";
  return { fact: run.process === null ? "process" : `process ${run.process.pid}`, value, at: run.startedAt };
}

function lifeFact(run: Run, now: number): Fact {
  if (run.lastLifeAt === null) return { fact: "last sign of life", value: "none since the start", at: null };
  return { fact: "last sign of life", value: `${duration(now - run.lastLifeAt)} ago`, at: run.lastLifeAt };
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
