import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { StoredAlert } from "@/lib/domain/ports/stuck";
import { newestAlert, writeAlert } from "./alerts";
import { writeAudit } from "./audit";
import type { Store } from "./transaction";

const NAME = "stuck";
/** The runs that the last alert reported, in one row however many alerts there are. */
const TOLD = "stuck.told";
/** An alert itself names so many; its title counts them all. */
const NAMED_IN_ALERT = 20;

/** `at`: when the last check was, or when the first one began to be waited for; `found` null: there was none yet. */
export type StuckCheckRow = { readonly at: number; readonly found: number | null };

export async function readStuckCheck(store: Store): Promise<StuckCheckRow | null> {
  const row = await store.read.periodicCheck.findUnique({ where: { name: NAME } });
  return row === null ? null : { at: row.at.getTime(), found: JSON.parse(row.result).found };
}

/** From now on the first check is waited for; nothing happens when one is being waited for already. */
export async function beginStuckChecks(store: Store, now: number): Promise<void> {
  const row = { name: NAME, at: new Date(now), result: JSON.stringify({ found: null }) };
  await store.write((tx) => tx.periodicCheck.upsert({ where: { name: NAME }, create: row, update: {} }));
}

/** The end of a check: that it was, its alert if there is one, and its audit row, or nothing of it. */
export async function saveStuckCheck(
  store: Store,
  found: number,
  alert: Omit<StoredAlert, "acknowledgedAt" | "acknowledgedBy"> | null,
  audit: AuditEntry,
  now: number,
): Promise<void> {
  await store.write(async (tx, db) => {
    const done = { at: new Date(now), result: JSON.stringify({ found }) };
    await tx.periodicCheck.upsert({ where: { name: NAME }, create: { name: NAME, ...done }, update: done });
    if (alert !== null) {
      writeAlert(db, { ...alert, runs: alert.runs.slice(0, NAMED_IN_ALERT) });
      const told = { at: new Date(now), result: alert.runs.join(" ") };
      await tx.periodicCheck.upsert({ where: { name: TOLD }, create: { name: TOLD, ...told }, update: told });
    }
    writeAudit(db, audit, now);
  });
}

/** The runs that were stuck when an alert was written last. */
export async function toldRuns(store: Store): Promise<readonly string[]> {
  const row = await store.read.periodicCheck.findUnique({ where: { name: TOLD } });
  if (row !== null) return row.result === "" ? [] : row.result.split(" ");
  // Earlier versions kept them all in the alert.
  return (await newestAlert(store, "stuck"))?.runs ?? [];
}
