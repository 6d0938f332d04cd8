-- CreateTable
CREATE TABLE "OutsideStop" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "workerId" TEXT NOT NULL,
    "hostInstance" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "ticks" BIGINT NOT NULL,
    "firstSignal" TEXT NOT NULL,
    "graceMs" INTEGER NOT NULL,
    "requestedAt" DATETIME NOT NULL,
    "signalled" TEXT,
    "actor" TEXT NOT NULL,
    "jobId" TEXT,
    "runId" TEXT
);

-- CreateIndex
CREATE INDEX "OutsideStop_workerId_id_idx" ON "OutsideStop"("workerId", "id");
