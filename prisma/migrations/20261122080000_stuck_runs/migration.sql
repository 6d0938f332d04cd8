-- CreateTable
CREATE TABLE "Plan" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "trigger" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "ageMs" BIGINT,
    "filter" TEXT NOT NULL,
    "reason" TEXT,
    "createdAt" DATETIME NOT NULL,
    "appliedAt" DATETIME,
    "finishedAt" DATETIME,
    "undoneAt" DATETIME
);

-- CreateTable
CREATE TABLE "PlanItem" (
    "planId" TEXT NOT NULL,
    "runId" TEXT NOT NULL,
    "jobId" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "why" TEXT NOT NULL,
    "runState" TEXT NOT NULL,
    "runVersion" INTEGER NOT NULL,
    "verdict" TEXT,
    "health" TEXT,
    "evidence" TEXT NOT NULL,
    "ageMs" BIGINT NOT NULL,
    "result" TEXT NOT NULL,
    "detail" TEXT,
    "at" DATETIME,

    PRIMARY KEY ("planId", "runId"),
    CONSTRAINT "PlanItem_planId_fkey" FOREIGN KEY ("planId") REFERENCES "Plan" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Recovery" (
    "jobId" TEXT NOT NULL PRIMARY KEY,
    "state" TEXT NOT NULL,
    "runId" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "resumed" INTEGER NOT NULL DEFAULT 0,
    "restarted" INTEGER NOT NULL DEFAULT 0,
    "since" DATETIME,
    "nextAt" DATETIME,
    "nextAction" TEXT,
    "reason" TEXT,
    CONSTRAINT "Recovery_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Alert" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "at" DATETIME NOT NULL,
    "kind" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    "acknowledgedAt" DATETIME,
    "acknowledgedBy" TEXT
);

-- CreateTable
CREATE TABLE "PeriodicCheck" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "at" DATETIME NOT NULL,
    "result" TEXT NOT NULL
);

-- Columns are added in place: rebuilding "Run" would cost minutes where there is a long history, and drop its triggers.
ALTER TABLE "Job" ADD COLUMN "autoRecover" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "Job" ADD COLUMN "stuckAfterMs" BIGINT NOT NULL DEFAULT 86400000;
ALTER TABLE "Job" ADD COLUMN "onStuck" TEXT NOT NULL DEFAULT 'alert';

ALTER TABLE "Run" ADD COLUMN "unsettled" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "Run" ADD COLUMN "verdict" TEXT;
ALTER TABLE "Run" ADD COLUMN "verdictAt" DATETIME;
ALTER TABLE "Run" ADD COLUMN "imported" TEXT;
ALTER TABLE "Run" ADD COLUMN "importKey" TEXT;

-- CreateIndex
CREATE UNIQUE INDEX "Run_importKey_key" ON "Run"("importKey");

-- CreateIndex
CREATE INDEX "Run_unsettled_verdict_id_idx" ON "Run"("unsettled", "verdict", "id");

-- CreateIndex
CREATE INDEX "Plan_kind_id_idx" ON "Plan"("kind", "id");

-- CreateIndex
CREATE INDEX "PlanItem_planId_result_idx" ON "PlanItem"("planId", "result");

-- CreateIndex
CREATE INDEX "PlanItem_jobId_planId_idx" ON "PlanItem"("jobId", "planId");

-- CreateIndex
CREATE INDEX "PlanItem_runId_idx" ON "PlanItem"("runId");

-- CreateIndex
CREATE INDEX "Recovery_state_nextAt_idx" ON "Recovery"("state", "nextAt");

-- CreateIndex
CREATE INDEX "Alert_acknowledgedAt_id_idx" ON "Alert"("acknowledgedAt", "id");

-- What ended badly before this version and has no successor: nobody has decided about it either.
UPDATE "Run" SET "unsettled" = true
WHERE "id" IN (SELECT "newestRunId" FROM "Job") AND "state" IN ('interrupted', 'failed', 'timed_out');

-- Final states stay final. One pair may change into each other: an interrupted run is cleaned up, and a clean-up is undone.
DROP TRIGGER "Run_final_is_final";
CREATE TRIGGER "Run_final_is_final" BEFORE UPDATE OF "state" ON "Run"
WHEN OLD."state" IN ('completed', 'failed', 'stopped', 'timed_out', 'interrupted', 'cleaned')
  AND NEW."state" <> OLD."state"
  AND NOT (OLD."state" = 'cleaned' AND NEW."state" = 'interrupted')
  AND NOT (OLD."state" = 'interrupted' AND NEW."state" = 'cleaned')
BEGIN SELECT RAISE(ABORT, 'a final run state cannot change'); END;

-- Nothing is left to decide of a run that is alive, or that somebody ended or cleaned on purpose.
CREATE TRIGGER "Run_unsettled_only_when_it_ended_badly" BEFORE UPDATE OF "unsettled" ON "Run"
WHEN NEW."unsettled" AND NEW."state" NOT IN ('interrupted', 'failed', 'timed_out')
BEGIN SELECT RAISE(ABORT, 'only a run that did not end well can be unsettled'); END;
