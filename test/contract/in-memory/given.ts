import { newStreak } from "@/lib/domain/auto-recovery";
import { AppError } from "@/lib/domain/errors";
import type { JobId } from "@/lib/domain/ids";
import type { Repositories } from "@/lib/domain/ports/ports";
import type { RunFilter } from "@/lib/domain/ports/runs";
import type { Run } from "@/lib/domain/run";
import { aJob, aQueuedRun, aRun, jobId, runId, T0 } from "@/test/factories";
import { anApplyingPlan, anItem } from "@/test/plans";
import { audit } from "../store/given";

export const SHOP = aJob({ id: jobId("shop"), tags: ["shops"], locks: ["site"], autoRecover: true });
export const NEWS = aJob({ id: jobId("news"), locks: ["site"] });
export const BARE = aJob({ id: jobId("bare"), resumeAfterShutdown: true });
export const GONE = aJob({ id: jobId("gone") });
export const NOBODY = jobId("nobody");
export const NO_RUN = runId("run_00000000000000000000");

/** Made once, so that both get the same. */
export const FIRST = aQueuedRun(SHOP, { priority: 1 });
export const SECOND = aQueuedRun(NEWS);
export const THIRD = aQueuedRun(BARE);
export const FOURTH = aQueuedRun(SHOP, { trigger: "recovery", actor: "system" });
export const FIFTH = aQueuedRun(SHOP);
export const SIXTH = aQueuedRun(BARE);
export const ADOPTED = aRun("running", { jobId: BARE.id, trigger: "adopt", parentRunId: SIXTH.id });
export const IMPORTED = aRun("completed", {
  jobId: GONE.id,
  trigger: "import",
  imported: { source: "cron", externalId: "7" },
});
export const ANY: RunFilter = {
  jobId: null,
  states: null,
  since: null,
  until: null,
  fingerprint: null,
  text: null,
};

export const WAITING = {
  ...newStreak(SHOP.id, FIRST.id, T0),
  state: "waiting",
  nextAt: T0 + 500,
  nextAction: "restart",
  reason: "It failed.",
} as const;

export const CLEANUP = anApplyingPlan();
export const DELETION = anApplyingPlan({ kind: "delete" });
export const CLEAN_FIRST = anApplyingPlan({ state: "applied", trigger: "start" });
export const start = (run: Run) => audit("run.start_requested", { jobId: run.jobId, runId: run.id });
export const about = (action: string, id: JobId) => audit(action, { jobId: id });
export const queue =
  (run: Run, clean: Run | null = null) =>
  (ports: Repositories) =>
    ports.enqueueRun(
      run.jobId,
      () => ({
        run,
        clean:
          clean === null
            ? null
            : {
                reason: "Dead.",
                plan: CLEAN_FIRST,
                item: anItem(CLEAN_FIRST, clean, { result: "done", at: T0 }),
              },
      }),
      start,
      T0 + 200,
    );
export const refused = () => {
  throw new AppError("JOB_DISABLED", "No.");
};
export const page = { after: null, limit: 1 };
export const newestFirst = { before: null, limit: 1 };

/** A call, and what it shows. */
export type Step = readonly [says: string, call: (ports: Repositories) => Promise<unknown>];
