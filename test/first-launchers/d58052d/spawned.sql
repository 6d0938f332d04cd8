UPDATE "Run" SET "state" = 'running', "version" = 3, "shimPid" = {{launcherPid}}, "shimTicks" = {{launcherTicks}},
  "pid" = {{programPid}}, "pidTicks" = {{programTicks}}, "startedAt" = {{now}}, "lastLifeAt" = {{now}}, "realCwd" = {{cwd}}
  WHERE "id" = {{run}};
INSERT INTO "RunEvent" ("runId", "at", "type", "data") VALUES ({{run}}, {{now}}, 'spawned', json_object(
  'launcher', json_object('pid', {{launcherPid}}, 'startTicks', {{launcherTicks}}),
  'process', json_object('pid', {{programPid}}, 'startTicks', {{programTicks}}), 'realCwd', {{cwd}}, 'from', 'starting', 'to', 'running'));
