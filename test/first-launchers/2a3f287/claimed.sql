INSERT INTO "Job" ("id", "title", "kind", "argv", "cwd", "env", "checkpoint", "pidFile", "startMs", "silenceMs", "maxDurationMs",
  "stopGraceMs", "onSilence", "locks", "tags", "enabled", "version", "newestRunId", "createdAt", "updatedAt", "priority", "limits",
  "logCapBytes", "resumeAfterShutdown", "autoRecover", "stuckAfterMs", "onStuck")
VALUES ({{job}}, {{job}}, 'command', {{argv}}, {{cwd}}, '{}', NULL, NULL, 60000, 600000, NULL, 10000, 'stop', '[]', '[]', 1, 1, NULL,
  {{now}}, {{now}}, 0, '{"memoryBytes":null,"openFiles":null,"nice":null}', 200000000, 0, 0, 86400000, 'alert');
INSERT INTO "Run" ("id", "jobId", "state", "version", "trigger", "actor", "lineageId", "spec", "token", "activeKey", "hostInstance",
  "ownerEpoch", "queuedAt", "claimedAt", "logBytes", "logDroppedBytes", "priority", "unsettled")
VALUES ({{run}}, {{job}}, 'starting', 2, 'api', 'operator', {{run}}, {{spec}}, {{token}}, {{job}}, {{hostInstance}}, 1, {{now}}, {{now}},
  0, 0, 0, 0);
UPDATE "Job" SET "newestRunId" = {{run}} WHERE "id" = {{job}};
INSERT INTO "Lock" ("name", "runId", "fence", "acquiredAt") VALUES ('job:' || {{job}}, {{run}}, 1, {{now}});
INSERT INTO "RunEvent" ("runId", "at", "type", "data") VALUES
  ({{run}}, {{now}}, 'queued', '{"trigger":"api","actor":"operator"}'),
  ({{run}}, {{now}}, 'claimed', json_object('hostInstance', {{hostInstance}}, 'ownerEpoch', 1, 'from', 'queued', 'to', 'starting'));
INSERT INTO "Audit" ("at", "actor", "action", "jobId", "runId", "details") VALUES
  ({{now}}, 'operator', 'job.created', {{job}}, NULL, '{}'),
  ({{now}}, 'operator', 'run.start_requested', {{job}}, {{run}}, '{}');
