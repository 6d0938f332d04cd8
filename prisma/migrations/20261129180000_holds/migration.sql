-- While one lasts nothing is started automatically.
CREATE TABLE "Hold" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "on" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "until" DATETIME,
    "actor" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL
);
