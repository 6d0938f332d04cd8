-- The folder a run was launched in, with links followed. Added in place: rebuilding "Run" would drop its triggers.
ALTER TABLE "Run" ADD COLUMN "realCwd" TEXT;
