-- Earlier versions wrote the words of a clean-up, and of its undo, over the reason why a run ended. Where its events tell how it
-- ended, the reason is put together again as lib/domain/exit.ts words it.
UPDATE "Run" SET "reason" = "ended"."reason"
FROM (
  SELECT
    "e"."runId" AS "runId",
    CASE
      WHEN "e"."type" IN ('lost', 'cleaned') THEN "e"."data" ->> '$.reason'
      WHEN "e"."type" <> 'exited' OR (
        "e"."data" ->> '$.from' = 'stopping'
        AND NOT ("e"."data" ->> '$.beforeSignal')
        AND NOT ("e"."data" ->> '$.exit.code' IS 0 AND "e"."data" ->> '$.outcome' IS 'finished')
      ) THEN (
        SELECT "s"."data" ->> '$.reason' FROM "RunEvent" AS "s"
        WHERE "s"."runId" = "e"."runId" AND "s"."type" = 'stop_requested' AND "s"."data" ->> '$.to' = 'stopping'
        ORDER BY "s"."id" LIMIT 1
      )
      WHEN "e"."data" ->> '$.exit.signal' IS 'SIGKILL' AND "e"."data" ->> '$.outOfMemory' IS NOT NULL
        THEN "e"."data" ->> '$.outOfMemory'
      WHEN "e"."data" ->> '$.exit.signal' IS NOT NULL
        THEN 'Ended by ' || ("e"."data" ->> '$.exit.signal')
          || ', which nobody here sent: another person or program, or the kernel short of memory.'
      WHEN "e"."data" ->> '$.exit.code' IS NULL THEN 'The process is gone and its exit code is not known.'
      ELSE 'Exited with code 0 after a shutdown that nobody here asked for.'
        || coalesce(' ' || ("e"."data" ->> '$.outcomeReason'), '')
    END AS "reason"
  FROM "RunEvent" AS "e"
  WHERE "e"."runId" IN (SELECT "runId" FROM "PlanItem" WHERE "action" = 'clean' AND "result" IN ('done', 'undone'))
    AND "e"."type" IN ('lost', 'exited', 'tree_gone', 'launch_failed', 'cleaned')
    AND "e"."data" ->> '$.from' IN ('starting', 'running', 'stopping')
    AND "e"."data" ->> '$.to' IN ('interrupted', 'cleaned')
) AS "ended"
WHERE "Run"."id" = "ended"."runId" AND "Run"."state" IN ('interrupted', 'cleaned');

-- Of an imported run only its row knew more.
UPDATE "Run" SET "reason" = 'Imported from ' || ("imported" ->> '$.source')
  || '. What its record said of its end was overwritten by a clean-up in an earlier version of Unstuck.'
WHERE "imported" IS NOT NULL AND "state" IN ('interrupted', 'cleaned')
  AND "id" IN (SELECT "runId" FROM "PlanItem" WHERE "action" = 'clean' AND "result" IN ('done', 'undone'));

-- How and why a run ended never changes again, also when it is cleaned up or that is undone.
CREATE TRIGGER "Run_end_stays_as_it_was" BEFORE UPDATE OF "reason", "cause", "exitCode", "signal", "endedAt" ON "Run"
WHEN OLD."state" IN ('completed', 'failed', 'stopped', 'timed_out', 'interrupted', 'cleaned')
  AND (
    NEW."reason" IS NOT OLD."reason" OR NEW."cause" IS NOT OLD."cause" OR NEW."exitCode" IS NOT OLD."exitCode"
    OR NEW."signal" IS NOT OLD."signal" OR NEW."endedAt" IS NOT OLD."endedAt"
  )
BEGIN SELECT RAISE(ABORT, 'how and why a run ended cannot change'); END;
