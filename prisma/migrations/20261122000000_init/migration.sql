-- CreateTable
CREATE TABLE "Job" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "title" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "argv" TEXT NOT NULL,
    "cwd" TEXT NOT NULL,
    "env" TEXT NOT NULL,
    "checkpoint" TEXT,
    "pidFile" TEXT,
    "startMs" INTEGER NOT NULL,
    "silenceMs" BIGINT NOT NULL,
    "maxDurationMs" BIGINT,
    "stopGraceMs" INTEGER NOT NULL,
    "onSilence" TEXT NOT NULL,
    "locks" TEXT NOT NULL,
    "tags" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "version" INTEGER NOT NULL DEFAULT 1,
    "newestRunId" TEXT,
    "createdAt" DATETIME NOT NULL,
    "updatedAt" DATETIME NOT NULL,
    CONSTRAINT "Job_newestRunId_fkey" FOREIGN KEY ("newestRunId") REFERENCES "Run" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Run" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "jobId" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "cause" TEXT,
    "reason" TEXT,
    "exitCode" INTEGER,
    "signal" TEXT,
    "trigger" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "parentRunId" TEXT,
    "lineageId" TEXT NOT NULL,
    "spec" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "activeKey" TEXT,
    "hostInstance" TEXT,
    "ownerEpoch" INTEGER,
    "shimPid" INTEGER,
    "shimTicks" BIGINT,
    "pid" INTEGER,
    "pidTicks" BIGINT,
    "graceMs" INTEGER,
    "queuedAt" DATETIME NOT NULL,
    "claimedAt" DATETIME,
    "startedAt" DATETIME,
    "stopRequestedAt" DATETIME,
    "endedAt" DATETIME,
    "lastLifeAt" DATETIME,
    "logBytes" BIGINT NOT NULL DEFAULT 0,
    "progress" TEXT,
    "waitingFor" TEXT,
    CONSTRAINT "Run_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "RunEvent" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "runId" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "type" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    CONSTRAINT "RunEvent_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Lock" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "runId" TEXT,
    "fence" INTEGER NOT NULL DEFAULT 0,
    "acquiredAt" DATETIME,
    CONSTRAINT "Lock_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Worker" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "hostname" TEXT NOT NULL,
    "hostInstance" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "pid" INTEGER NOT NULL,
    "startedAt" DATETIME NOT NULL,
    "heartbeatAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "Audit" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "at" DATETIME NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "jobId" TEXT,
    "runId" TEXT,
    "reason" TEXT,
    "details" TEXT NOT NULL
);

-- CreateIndex
CREATE UNIQUE INDEX "Job_newestRunId_key" ON "Job"("newestRunId");

-- CreateIndex
CREATE UNIQUE INDEX "Run_activeKey_key" ON "Run"("activeKey");

-- CreateIndex
CREATE INDEX "Run_state_queuedAt_idx" ON "Run"("state", "queuedAt");

-- CreateIndex
CREATE INDEX "Run_jobId_id_idx" ON "Run"("jobId", "id");

-- CreateIndex
CREATE INDEX "Run_lineageId_idx" ON "Run"("lineageId");

-- CreateIndex
CREATE INDEX "RunEvent_runId_id_idx" ON "RunEvent"("runId", "id");

-- CreateIndex
CREATE INDEX "Lock_runId_idx" ON "Lock"("runId");

-- CreateIndex
CREATE INDEX "Audit_jobId_id_idx" ON "Audit"("jobId", "id");

-- CreateIndex
CREATE INDEX "Audit_runId_idx" ON "Audit"("runId");

-- What follows is what Prisma's schema language cannot say. The database itself refuses to lie, whatever the code does.

-- A final state is final. The one arrow out of it: an operator undoes a clean-up.
CREATE TRIGGER "Run_final_is_final" BEFORE UPDATE OF "state" ON "Run"
WHEN OLD."state" IN ('completed', 'failed', 'stopped', 'timed_out', 'interrupted', 'cleaned')
  AND NEW."state" <> OLD."state"
  AND NOT (OLD."state" = 'cleaned' AND NEW."state" = 'interrupted')
BEGIN SELECT RAISE(ABORT, 'a final run state cannot change'); END;

-- A run holds its job's active key exactly while it is active, so two active runs of one job cannot exist.
CREATE TRIGGER "Run_active_key_on_insert" BEFORE INSERT ON "Run"
WHEN (NEW."state" IN ('queued', 'starting', 'running', 'stopping')) <> (NEW."activeKey" IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'activeKey must be set exactly while a run is active'); END;

CREATE TRIGGER "Run_active_key_on_update" BEFORE UPDATE ON "Run"
WHEN (NEW."state" IN ('queued', 'starting', 'running', 'stopping')) <> (NEW."activeKey" IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'activeKey must be set exactly while a run is active'); END;

-- No lock outlives its run.
CREATE TRIGGER "Run_ends_without_locks" BEFORE UPDATE OF "state" ON "Run"
WHEN NEW."state" IN ('completed', 'failed', 'stopped', 'timed_out', 'interrupted', 'cleaned')
  AND EXISTS (SELECT 1 FROM "Lock" WHERE "runId" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'a run must release its locks before it ends'); END;

CREATE TRIGGER "Lock_holder_is_active_on_update" BEFORE UPDATE OF "runId" ON "Lock"
WHEN NEW."runId" IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM "Run" WHERE "id" = NEW."runId" AND "activeKey" IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'only an active run can hold a lock'); END;

CREATE TRIGGER "Lock_holder_is_active_on_insert" BEFORE INSERT ON "Lock"
WHEN NEW."runId" IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM "Run" WHERE "id" = NEW."runId" AND "activeKey" IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'only an active run can hold a lock'); END;
