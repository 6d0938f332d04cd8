INSERT INTO "Worker" ("id", "hostname", "hostInstance", "epoch", "pid", "startedAt", "heartbeatAt")
VALUES ('local', {{hostname}}, {{hostInstance}}, 1, {{dashboardPid}}, {{now}}, {{now}});
INSERT INTO "PeriodicCheck" ("name", "at", "result") VALUES ('stuck', {{now}}, '{"found":null}');
