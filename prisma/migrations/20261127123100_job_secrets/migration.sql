-- AlterTable
ALTER TABLE "Job" ADD COLUMN "envSecret" TEXT NOT NULL DEFAULT '[]';

-- CreateTable
CREATE TABLE "JobSecret" (
    "jobId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    PRIMARY KEY ("jobId", "name"),
    CONSTRAINT "JobSecret_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
