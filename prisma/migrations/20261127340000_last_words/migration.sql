-- What a run's log said last that looks like an error, and its shape. Added in place: rebuilding "Run" would drop its triggers.
ALTER TABLE "Run" ADD COLUMN "lastWords" TEXT;
ALTER TABLE "Run" ADD COLUMN "fingerprint" TEXT;

-- CreateIndex
CREATE INDEX "Run_fingerprint_id_jobId_state_queuedAt_idx" ON "Run"("fingerprint", "id", "jobId", "state", "queuedAt");
