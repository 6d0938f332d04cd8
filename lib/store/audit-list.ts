import type { AuditFilter, AuditRow } from "@/lib/domain/ports/accounts";
import type { Before } from "@/lib/domain/ports/page";
import type { Audit as Row } from "./generated/client";
import { allOf, type Sql, sql } from "./sql";
import type { Store } from "./transaction";

/** Newest first. `before`: the id the page before ended with. */
export async function listAudit(
  { look }: Store,
  filter: AuditFilter,
  page: Before,
): Promise<readonly AuditRow[]> {
  const conditions: Sql[] = [
    ...(page.before === null ? [] : [sql`"id" < ${Number(page.before)}`]),
    ...(filter.actor === null ? [] : [sql`"actor" = ${filter.actor}`]),
    ...(filter.action === null ? [] : [actionIs(filter.action)]),
    ...(filter.jobId === null ? [] : [sql`"jobId" = ${filter.jobId}`]),
    ...(filter.outcome === null ? [] : [sql`"outcome" = ${filter.outcome}`]),
    ...(filter.since === null ? [] : [sql`"at" >= ${filter.since}`]),
    ...(filter.until === null ? [] : [sql`"at" < ${filter.until}`]),
  ];
  const rows = look.all<Row>`
    SELECT * FROM "Audit" WHERE ${allOf(conditions)} ORDER BY "id" DESC LIMIT ${page.limit + 1}`;
  return rows.map((row) => ({
    ...row,
    id: Number(row.id),
    at: row.at.getTime(),
    details: JSON.parse(row.details),
  }));
}

/** `run.` stands for all that begin so. */
function actionIs(action: string): Sql {
  if (!action.endsWith(".")) return sql`"action" = ${action}`;
  // The character after "." in ASCII is "/".
  return sql`"action" >= ${action} AND "action" < ${`${action.slice(0, -1)}/`}`;
}
