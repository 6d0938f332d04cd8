-- Sessions that are there were opened without it, and end here alone.
ALTER TABLE "Session" ADD COLUMN "signOutHint" TEXT;
