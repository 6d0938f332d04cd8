-- CreateTable
CREATE TABLE "User" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "nameKey" TEXT NOT NULL,
    "role" TEXT,
    "grants" TEXT NOT NULL DEFAULT '[]',
    "passwordHash" TEXT,
    "mustChange" BOOLEAN NOT NULL DEFAULT false,
    "disabled" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" DATETIME NOT NULL,
    "updatedAt" DATETIME NOT NULL,
    "lastSignInAt" DATETIME
);

-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "hash" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "lastSeenAt" DATETIME NOT NULL,
    "endsAt" DATETIME NOT NULL,
    "address" TEXT NOT NULL,
    "agent" TEXT NOT NULL,
    CONSTRAINT "Session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "SecondFactor" (
    "userId" TEXT NOT NULL PRIMARY KEY,
    "secret" TEXT NOT NULL,
    "confirmedAt" DATETIME,
    "lastStep" INTEGER NOT NULL DEFAULT 0,
    "recovery" TEXT NOT NULL DEFAULT '[]',
    CONSTRAINT "SecondFactor_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ApiToken" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "hash" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT,
    "grants" TEXT NOT NULL DEFAULT '[]',
    "createdBy" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "expiresAt" DATETIME,
    "lastUsedAt" DATETIME,
    "revokedAt" DATETIME,
    "revokedBy" TEXT
);

-- CreateTable
CREATE TABLE "SignInDelay" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "count" INTEGER NOT NULL,
    "lastAt" DATETIME NOT NULL,
    "until" DATETIME NOT NULL
);

-- Sealed by the first start that has a key (lib/store/seal-all.ts).
ALTER TABLE "JobSecret" ADD COLUMN "sealed" BOOLEAN NOT NULL DEFAULT false;

-- Added in place: its rows are many, and nothing else of them changes.
ALTER TABLE "Audit" ADD COLUMN "via" TEXT;
ALTER TABLE "Audit" ADD COLUMN "viaId" TEXT;
ALTER TABLE "Audit" ADD COLUMN "address" TEXT;
ALTER TABLE "Audit" ADD COLUMN "outcome" TEXT NOT NULL DEFAULT 'done';

-- CreateIndex
CREATE UNIQUE INDEX "User_nameKey_key" ON "User"("nameKey");

-- CreateIndex
CREATE UNIQUE INDEX "Session_hash_key" ON "Session"("hash");

-- CreateIndex
CREATE INDEX "Session_userId_idx" ON "Session"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "ApiToken_hash_key" ON "ApiToken"("hash");

-- CreateIndex
CREATE INDEX "SignInDelay_lastAt_idx" ON "SignInDelay"("lastAt");

-- What was written down about who did what stays. Only rows below the newest cut go, and a cut is an audit row itself (lib/store/retention.ts).
CREATE TRIGGER "Audit_is_never_changed" BEFORE UPDATE ON "Audit"
BEGIN SELECT RAISE(ABORT, 'an audit row cannot be changed'); END;

CREATE TRIGGER "Audit_goes_only_below_a_cut" BEFORE DELETE ON "Audit"
WHEN OLD."id" >= coalesce((
  SELECT json_extract("details", '$.below') FROM "Audit" WHERE "action" = 'audit.cut' ORDER BY "id" DESC LIMIT 1
), 0)
BEGIN SELECT RAISE(ABORT, 'an audit row stays until retention has recorded a cut above it'); END;
