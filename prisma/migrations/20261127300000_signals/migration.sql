-- Who is signalled, and with what. Added in place: rebuilding these tables would drop their triggers. What is there keeps what it had:
-- its kind's signal, for its stop grace.
ALTER TABLE "Job" ADD COLUMN "signals" TEXT NOT NULL DEFAULT '{}';
ALTER TABLE "OutsideStop" ADD COLUMN "signals" TEXT;
