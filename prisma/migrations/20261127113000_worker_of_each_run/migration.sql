-- Added in place: rebuilding "Run" would cost minutes where there is a long history, and drop its triggers. Live runs get their
-- worker when it registers (lib/store/workers.ts), which knows its id.
ALTER TABLE "Run" ADD COLUMN "workerId" TEXT;
