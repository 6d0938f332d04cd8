import type { AfterEnd } from "@/lib/domain/auto-recovery";
import type { Actor } from "@/lib/domain/ports/audit";
import type { Here } from "@/lib/domain/ports/host";
import type { Recoveries, RecoveryChange } from "@/lib/domain/ports/recoveries";
import type { Run } from "@/lib/domain/run";

export type RecoveryNeeds = Pick<Here, "now" | "random" | "recoveryLimits"> &
  Pick<Recoveries, "findRecovery" | "decideRecovery"> &
  Actor;

/** What a decision about the end of a run leaves behind for people to read. */
export function told(
  after: AfterEnd,
  ended: Run,
  details: Readonly<Record<string, unknown>>,
): RecoveryChange & { readonly waitMs: number | null } {
  if (after.kind === "over") return { record: null, audit: null, event: null, waitMs: null };
  const { record, kind } = after;
  const { attempts, nextAction: action, reason } = record;
  const waitMs = after.kind === "planned" ? after.waitMs : null;
  const data = waitMs === null ? { attempts, reason } : { action, attempt: attempts + 1, waitMs, reason };
  return {
    record,
    waitMs,
    audit: {
      actor: "system",
      action: `recovery.${kind}`,
      jobId: ended.jobId,
      runId: ended.id,
      reason,
      details: { ...details, ...data },
    },
    event: { runId: ended.id, type: `recovery_${kind}`, data },
  };
}
