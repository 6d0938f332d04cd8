import type { RunId } from "@/lib/domain/ids";
import { anyOf } from "./sql";
import type { Reads, Statements } from "./statements";

/**
 * Takes every lock for one run or none of them; answers the lock in the way, or null when all are now held.
 * Each taking raises the lock's fence by one.
 */
export function acquireAll(
  db: Statements,
  runId: RunId,
  names: readonly string[],
  now: number,
): { name: string; heldBy: string } | null {
  const rows = db.all<{ name: string; runId: string | null }>`
    SELECT "name", "runId" FROM "Lock" WHERE "name" IN ${anyOf(names)}`;
  const taken = rows.find((row) => row.runId !== null && row.runId !== runId);
  if (taken?.runId) return { name: taken.name, heldBy: taken.runId };
  for (const name of names) {
    const row = rows.find((one) => one.name === name);
    if (row?.runId === runId) continue;
    if (row === undefined) db.insert("Lock", { name, runId, fence: 1, acquiredAt: new Date(now) });
    else
      db.change`
        UPDATE "Lock" SET "runId" = ${runId}, "acquiredAt" = ${now}, "fence" = "fence" + 1
        WHERE "name" = ${name} AND "runId" IS NULL`;
  }
  return null;
}

/** Who holds all its locks has been given its turn, limits included. */
export function holdsAll(db: Reads, runId: RunId, names: readonly string[]): boolean {
  const held = db.all`
    SELECT 1 FROM "Lock" WHERE "runId" = ${runId} AND "name" IN ${anyOf(names)}`;
  return held.length === names.length;
}

export function releaseAll(db: Statements, runId: RunId): void {
  db.update("Lock", { runId }, { runId: null, acquiredAt: null });
}
