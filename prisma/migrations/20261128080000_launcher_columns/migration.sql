-- What is called the launcher everywhere else is called so here too. Renamed in place: rebuilding "Run" would drop its triggers.
ALTER TABLE "Run" RENAME COLUMN "shimPid" TO "launcherPid";
ALTER TABLE "Run" RENAME COLUMN "shimTicks" TO "launcherTicks";
