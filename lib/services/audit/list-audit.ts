import type { AuditFilter, AuditList, AuditRow } from "@/lib/domain/ports/accounts";

/** Newest first. */
export async function listAudit(
  ctx: AuditList,
  filter: AuditFilter,
  page: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<{ readonly items: readonly AuditRow[]; readonly nextCursor: string | null }> {
  const rows = await ctx.listAudit(filter, { before: page.cursor ?? null, limit: page.limit });
  const items = rows.slice(0, page.limit);
  return { items, nextCursor: rows.length > page.limit ? String(items.at(-1)?.id) : null };
}

const PAGE = 500;

/** All of them, newest first, page by page: an audit has a million rows. */
export async function* everyAuditRow(ctx: AuditList, filter: AuditFilter): AsyncGenerator<AuditRow> {
  for (let cursor: string | undefined; ; ) {
    const { items, nextCursor } = await listAudit(ctx, filter, { cursor, limit: PAGE });
    yield* items;
    if (nextCursor === null) return;
    cursor = nextCursor;
  }
}
