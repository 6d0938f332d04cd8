import type { Alerts, StoredAlert } from "@/lib/domain/ports/stuck";

/** Newest first. */
export async function listAlerts(
  ctx: Pick<Alerts, "listAlerts">,
  query: { readonly open?: "1" | undefined; readonly cursor?: string | undefined; readonly limit: number },
): Promise<{ items: StoredAlert[]; nextCursor: string | null }> {
  const page = { before: query.cursor ?? null, limit: query.limit };
  const rows = await ctx.listAlerts(query.open === "1", page);
  const items = rows.slice(0, query.limit);
  return { items, nextCursor: rows.length > query.limit ? (items.at(-1)?.id ?? null) : null };
}
