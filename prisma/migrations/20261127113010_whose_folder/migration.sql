-- What the worker's data folder showed of itself when it was known to be the live one, and whether that is in doubt now.
ALTER TABLE "Worker" ADD COLUMN "folder" TEXT;
ALTER TABLE "Worker" ADD COLUMN "unconfirmed" TEXT;
