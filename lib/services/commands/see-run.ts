import { type Fact, type HealthVerdict, judgeHealth } from "@/lib/domain/health";
import type { Folder } from "@/lib/domain/ports/folder";
import type { Here, LiveFacts, Machine, Watch } from "@/lib/domain/ports/host";
import { judgeRecovery, type Recovery, type StateFacts } from "@/lib/domain/recovery";
import { isActive, type Run } from "@/lib/domain/run";
import { placeOf } from "@/lib/domain/state-place";

/** A run as it is at this moment: its row, what the supervisor sees of its process, and the verdicts that follow. */
export type SeenRun = {
  readonly run: Run;
  readonly health: HealthVerdict | null;
  /** null unless asked for: it reads the checkpoint from disk. */
  readonly recovery: Recovery | null;
  /** What else the verdicts rest on; absent unless asked for. */
  readonly facts?: readonly Fact[];
  /** A newer run of its job stands before it; absent where it is known to be the newest. */
  readonly superseded?: boolean;
  /** Who asks may not read what its program wrote; absent where they may. */
  readonly logHidden?: boolean;
};

export type Sight = Pick<Here, "now"> &
  Pick<Watch, "live"> &
  Partial<Pick<Folder, "heldBack"> & Pick<Watch, "whyUnrecovered">>;

export type DeepSight = Sight & Pick<Machine, "readState">;

/** @param stuckAfterMs from what age it may be called stuck, if the threshold is not the job's */
export function seeRun(ctx: Sight, row: Run, stuckAfterMs = row.spec.stuckAfterMs): SeenRun {
  const held = isActive(row.state) ? (ctx.heldBack?.(row) ?? null) : null;
  if (held !== null) return heldRun(row, held);
  const unrecovered = isActive(row.state) ? (ctx.whyUnrecovered?.(row.id) ?? null) : null;
  if (unrecovered !== null) return heldRun(row, unrecoveredFact(unrecovered));
  const live = ctx.live(row.id);
  const run = live === null ? row : withLive(row, live);
  const seen = {
    processAlive: live?.processAlive ?? null,
    usualGapMs: run.usualGapMs,
    stuckAfterMs,
    lastLifeSource: live?.lastLifeSource ?? null,
    elapsed: live,
    waits: live?.waits ?? null,
  };
  return { run, health: judgeHealth(run, seen, ctx.now()), recovery: null };
}

/** Nothing is judged: the run is not this dashboard's. */
function heldRun(row: Run, held: Fact): SeenRun {
  const run = row.state === "queued" ? { ...row, waitingFor: held.value } : row;
  return { run, health: null, recovery: null, facts: [held] };
}

function unrecoveredFact({ reason, since, tries }: { reason: string; since: number; tries: number }): Fact {
  const value = `not looked after: ${reason}. Tried ${tries} times, and tries again automatically`;
  return { fact: "this dashboard", value, at: since };
}

/** What is known in memory, fresher than the row. */
function withLive(row: Run, live: LiveFacts): Run {
  const { logBytes, lastLifeAt, progress, usualGapMs, cpuMs, peakMemoryBytes } = live;
  return { ...row, logBytes, lastLifeAt, progress, usualGapMs, cpuMs, peakMemoryBytes };
}

export async function seeRunWithRecovery(
  ctx: DeepSight,
  row: Run,
  stuckAfterMs?: number,
): Promise<SeenRun & { readonly recovery: Recovery }> {
  return withState(ctx, row, await ctx.readState(placeOf(row)), stuckAfterMs);
}

/** @param state what was read of it, before a transaction in which nothing is read but rows */
export function withState(
  ctx: Sight,
  row: Run,
  state: StateFacts,
  stuckAfterMs?: number,
): SeenRun & { readonly recovery: Recovery } {
  const seen = seeRun(ctx, row, stuckAfterMs);
  const { progress, lastLifeAt } = seen.run;
  return { ...seen, recovery: judgeRecovery(state, progress, ctx.now(), { lastLifeAt }) };
}
