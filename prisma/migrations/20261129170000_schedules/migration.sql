-- When jobs are started by themselves, and what became of each time.
CREATE TABLE "Schedule" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "jobId" TEXT NOT NULL,
    "title" TEXT,
    "when" TEXT NOT NULL,
    "timezone" TEXT NOT NULL,
    "daysOff" TEXT NOT NULL DEFAULT '{}',
    "startsAt" DATETIME,
    "endsAt" DATETIME,
    "jitterMs" INTEGER NOT NULL DEFAULT 0,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "missed" TEXT NOT NULL,
    "overlap" TEXT NOT NULL DEFAULT 'skip',
    "mode" TEXT NOT NULL DEFAULT 'auto',
    "args" TEXT,
    "parameters" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "nextSlot" BIGINT,
    "nextDueAt" BIGINT,
    "createdAt" DATETIME NOT NULL,
    "updatedAt" DATETIME NOT NULL,
    CONSTRAINT "Schedule_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "Schedule_nextDueAt_idx" ON "Schedule"("nextDueAt");
CREATE INDEX "Schedule_jobId_idx" ON "Schedule"("jobId");
CREATE TABLE "Slot" (
    "scheduleId" TEXT NOT NULL,
    "slot" BIGINT NOT NULL,
    "state" TEXT NOT NULL,
    "runId" TEXT,
    "why" TEXT,
    "count" INTEGER NOT NULL DEFAULT 1,
    "at" DATETIME NOT NULL,

    PRIMARY KEY ("scheduleId", "slot"),
    CONSTRAINT "Slot_scheduleId_fkey" FOREIGN KEY ("scheduleId") REFERENCES "Schedule" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "Slot_state_idx" ON "Slot"("state");
CREATE INDEX "Slot_runId_idx" ON "Slot"("runId");
