import type { RecoveryView } from "@/lib/contracts/recovery";
import type { JobRecovery } from "@/lib/services/commands/get-recovery";

export function toRecoveryView({ job, enabled, maxAttempts, record }: JobRecovery): RecoveryView {
  return {
    job,
    enabled,
    state: record?.state ?? "idle",
    attempts: record?.attempts ?? 0,
    maxAttempts,
    resumed: record?.resumed ?? 0,
    restarted: record?.restarted ?? 0,
    since: instant(record?.since ?? null),
    nextAt: instant(record?.nextAt ?? null),
    nextAction: record?.nextAction ?? null,
    run: record?.runId ?? null,
    reason: record?.reason ?? null,
  };
}

function instant(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
