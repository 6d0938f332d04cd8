-- What a start of a job may be given (null: nothing), and the sealed values of those that are secret, of each run.
ALTER TABLE "Job" ADD COLUMN "parameters" TEXT;

CREATE TABLE "RunSecret" (
    "runId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    PRIMARY KEY ("runId", "name"),
    CONSTRAINT "RunSecret_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
