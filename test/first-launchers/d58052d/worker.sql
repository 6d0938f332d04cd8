INSERT INTO "Worker" ("id", "hostname", "hostInstance", "epoch", "pid", "startedAt", "heartbeatAt", "folder", "unconfirmed")
VALUES ({{worker}}, {{hostname}}, {{hostInstance}}, 1, {{dashboardPid}}, {{now}}, {{now}}, {{folder}}, NULL);
INSERT INTO "PeriodicCheck" ("name", "at", "result") VALUES ('stuck', {{now}}, '{"found":null}');
INSERT INTO "RunEnvironment" ("name", "use", "names", "recordedAt") VALUES ('runs', 'short', '[]', NULL);
