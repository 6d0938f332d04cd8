-- What a resume would start from, kept beside the verdict. Added in place: rebuilding "Run" would drop its triggers.
ALTER TABLE "Run" ADD COLUMN "resumeFrom" TEXT;

-- Kept verdicts say nothing of it: they are read again after the start.
UPDATE "Run" SET "verdict" = NULL, "verdictAt" = NULL WHERE "unsettled" AND "verdict" = 'resumable';
