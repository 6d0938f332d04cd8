-- The audit is read by who did it and by what was done. It takes some seconds for a million rows and may be cut off, so each step can be
-- repeated (lib/store/migrate.ts).
CREATE INDEX IF NOT EXISTS "Audit_actor_id_idx" ON "Audit"("actor", "id");
CREATE INDEX IF NOT EXISTS "Audit_action_id_idx" ON "Audit"("action", "id");
