-- Lists of runs go state by state along (state, id) and, of one job, along (jobId, state, id), so they pass only what is asked for.
-- It takes some 5 s for a million runs and may be cut off, so each step can be repeated (lib/store/migrate.ts).
DROP INDEX IF EXISTS "Run_id_jobId_state_queuedAt_idx";
DROP INDEX IF EXISTS "Run_jobId_id_state_queuedAt_idx";
CREATE INDEX IF NOT EXISTS "Run_jobId_state_id_queuedAt_idx" ON "Run"("jobId", "state", "id", "queuedAt");

-- Runs whose ids do not tell when they were queued: the first seven digits of an id are that time in units of 36^3 ms, unless the clock
-- had been set back. Of all others it holds NULL and the time, 16 bytes each. The expression is asked for word by word (lib/store/off-time.ts).
-- Prisma cannot say it, and cannot read an index with WHERE in SQLite. If "Run" is ever rebuilt, add this index again.
CREATE INDEX IF NOT EXISTS "Run_offTime_idx" ON "Run"(
  CASE WHEN
    instr('0123456789abcdefghijklmnopqrstuvwxyz', substr("id", 5, 1)) * 2176782336
    + instr('0123456789abcdefghijklmnopqrstuvwxyz', substr("id", 6, 1)) * 60466176
    + instr('0123456789abcdefghijklmnopqrstuvwxyz', substr("id", 7, 1)) * 1679616
    + instr('0123456789abcdefghijklmnopqrstuvwxyz', substr("id", 8, 1)) * 46656
    + instr('0123456789abcdefghijklmnopqrstuvwxyz', substr("id", 9, 1)) * 1296
    + instr('0123456789abcdefghijklmnopqrstuvwxyz', substr("id", 10, 1)) * 36
    + instr('0123456789abcdefghijklmnopqrstuvwxyz', substr("id", 11, 1))
    - 2238976117 <> CAST("queuedAt" AS INTEGER) / 46656
  THEN "id" END,
  "queuedAt"
);
