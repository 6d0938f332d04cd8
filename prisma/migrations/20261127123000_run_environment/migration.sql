-- CreateTable
CREATE TABLE "RunEnvironment" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "use" TEXT NOT NULL,
    "names" TEXT NOT NULL,
    "recordedAt" DATETIME
);
