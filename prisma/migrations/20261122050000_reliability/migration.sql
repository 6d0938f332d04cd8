-- Columns are added in place: rebuilding "Run" would cost minutes where there is a long history, and drop its triggers.
ALTER TABLE "Job" ADD COLUMN "priority" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "Job" ADD COLUMN "limits" TEXT NOT NULL DEFAULT '{}';
ALTER TABLE "Job" ADD COLUMN "logCapBytes" BIGINT NOT NULL DEFAULT 200000000;
ALTER TABLE "Job" ADD COLUMN "resumeAfterShutdown" BOOLEAN NOT NULL DEFAULT false;

ALTER TABLE "Run" ADD COLUMN "logDroppedBytes" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "Run" ADD COLUMN "priority" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "Run" ADD COLUMN "usualGapMs" BIGINT;
ALTER TABLE "Run" ADD COLUMN "cpuMs" BIGINT;
ALTER TABLE "Run" ADD COLUMN "peakMemoryBytes" BIGINT;

-- CreateTable
CREATE TABLE "UsageSample" (
    "runId" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "cpuMs" BIGINT NOT NULL,
    "memoryBytes" BIGINT NOT NULL,
    "processes" INTEGER NOT NULL,

    PRIMARY KEY ("runId", "at"),
    CONSTRAINT "UsageSample_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ConcurrencyLimit" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "maxRuns" INTEGER NOT NULL
);
