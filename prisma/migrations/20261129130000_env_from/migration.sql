-- Variables whose values lie elsewhere: in a file, or in the dashboard's own environment. Added in place: nothing else of a job changes.
ALTER TABLE "Job" ADD COLUMN "envFrom" TEXT NOT NULL DEFAULT '{}';
