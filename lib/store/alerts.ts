import type { AlertKind } from "@/lib/domain/alert";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { StoredAlert } from "@/lib/domain/ports/stuck";
import { writeAudit } from "./audit";
import type { Alert as AlertRow } from "./generated/client";
import { allOf, sql } from "./sql";
import type { Statements } from "./statements";
import type { Store } from "./transaction";

/** Newest first. `before`: the id the page before ended with. Answers one more than `limit` when there is more. */
export async function listAlerts(
  store: Store,
  openOnly: boolean,
  page: { readonly before: string | null; readonly limit: number },
): Promise<StoredAlert[]> {
  const conditions = [
    ...(openOnly ? [sql`"acknowledgedAt" IS NULL`] : []),
    ...(page.before === null ? [] : [sql`"id" < ${page.before}`]),
  ];
  const rows = store.look.all<AlertRow>`
    SELECT * FROM "Alert" WHERE ${allOf(conditions)} ORDER BY "id" DESC LIMIT ${page.limit + 1}`;
  return rows.map(toAlert);
}

export async function newestAlert(store: Store, kind: AlertKind): Promise<StoredAlert | null> {
  const row = await store.read.alert.findFirst({ where: { kind }, orderBy: { id: "desc" } });
  return row === null ? null : toAlert(row);
}

/** In the transaction of what it tells of. */
export function writeAlert(
  db: Statements,
  { counts, runs, job, ...row }: Omit<StoredAlert, "acknowledgedAt" | "acknowledgedBy">,
): void {
  const data = JSON.stringify({ counts, runs, job });
  db.insert("Alert", { ...row, at: new Date(row.at), data });
}

/** The first to acknowledge an alert stays the one who did. @returns null when there is no such alert */
export function acknowledgeAlert(
  store: Store,
  id: string,
  audit: AuditEntry,
  now: number,
): Promise<StoredAlert | null> {
  return store.write(async (tx, db) => {
    const changed = await tx.alert.updateMany({
      where: { id, acknowledgedAt: null },
      data: { acknowledgedAt: new Date(now), acknowledgedBy: audit.actor },
    });
    if (changed.count > 0) writeAudit(db, audit, now);
    const row = await tx.alert.findUnique({ where: { id } });
    return row === null ? null : toAlert(row);
  });
}

function toAlert(row: AlertRow): StoredAlert {
  const {
    counts,
    runs,
    job = null,
  } = JSON.parse(row.data) as Pick<StoredAlert, "counts" | "runs"> & {
    job?: string | null;
  };
  return {
    id: row.id,
    at: row.at.getTime(),
    kind: row.kind as AlertKind,
    title: row.title,
    detail: row.detail,
    job,
    counts,
    runs,
    acknowledgedAt: row.acknowledgedAt?.getTime() ?? null,
    acknowledgedBy: row.acknowledgedBy,
  };
}
