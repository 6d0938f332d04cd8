import { DEFAULT_STUCK_AFTER_MS, type HealthVerdict, judgeHealth } from "@/lib/domain/health";
import type { RunId } from "@/lib/domain/ids";
import { judgeRecovery, type Recovery } from "@/lib/domain/recovery";
import type { Run } from "@/lib/domain/run";
import { readCheckpoint } from "@/lib/kinds/checkpoint";

/** A run as it is at this moment: its row, what the supervisor sees of its process, and the verdicts that follow. */
export type SeenRun = {
  readonly run: Run;
  readonly health: HealthVerdict | null;
  /** null where nobody asked: it reads the checkpoint from disk. */
  readonly recovery: Recovery | null;
};

export type Sight = {
  now(): number;
  live(runId: RunId): { processAlive: boolean | null; logBytes: number; lastLifeAt: number | null } | null;
};

export function seeRun(ctx: Sight, row: Run): SeenRun {
  const live = ctx.live(row.id);
  const run = live === null ? row : { ...row, logBytes: live.logBytes, lastLifeAt: live.lastLifeAt };
  const seen = {
    processAlive: live?.processAlive ?? null,
    usualGapMs: null,
    stuckAfterMs: DEFAULT_STUCK_AFTER_MS,
  };
  return { run, health: judgeHealth(run, seen, ctx.now()), recovery: null };
}

export function seeRunWithRecovery(ctx: Sight, row: Run): SeenRun & { readonly recovery: Recovery } {
  const seen = seeRun(ctx, row);
  const checkpoint = readCheckpoint(row.spec.cwd, row.spec.checkpoint);
  return { ...seen, recovery: judgeRecovery(checkpoint, row.progress, ctx.now()) };
}
