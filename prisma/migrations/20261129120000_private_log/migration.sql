-- Whose logs only operators and admins read. Added in place: nothing else of a job changes.
ALTER TABLE "Job" ADD COLUMN "privateLog" BOOLEAN NOT NULL DEFAULT false;
