-- Lists of runs go along an index that holds what they are asked for, so that they never read the runs themselves to look for some.
DROP INDEX "Run_jobId_id_idx";
CREATE INDEX "Run_jobId_id_state_queuedAt_idx" ON "Run"("jobId", "id", "state", "queuedAt");
DROP INDEX "Run_state_queuedAt_idx";
CREATE INDEX "Run_state_id_jobId_queuedAt_idx" ON "Run"("state", "id", "jobId", "queuedAt");
CREATE INDEX "Run_id_jobId_state_queuedAt_idx" ON "Run"("id", "jobId", "state", "queuedAt");

DROP INDEX "Run_unsettled_verdict_id_idx";
CREATE INDEX "Run_unsettled_id_verdict_state_jobId_idx" ON "Run"("unsettled", "id", "verdict", "state", "jobId");

-- Since when a job is being deleted: its runs go first, page by page, and the job last.
ALTER TABLE "Job" ADD COLUMN "deletingSince" DATETIME;

DROP INDEX "PlanItem_planId_result_idx";
CREATE INDEX "PlanItem_planId_result_runId_idx" ON "PlanItem"("planId", "result", "runId");
