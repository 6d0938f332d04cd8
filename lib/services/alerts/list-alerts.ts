import type { AlertKind } from "@/lib/domain/alert";

/** Something a person should look at. */
export type AlertItem = {
  readonly id: string;
  readonly at: number;
  readonly kind: AlertKind;
  readonly title: string;
  readonly detail: string;
  /** The job it is about, where it is about one. */
  readonly job: string | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly acknowledgedAt: number | null;
  readonly acknowledgedBy: string | null;
};

type Needs = {
  listAlerts(openOnly: boolean, page: { before: string | null; limit: number }): Promise<AlertItem[]>;
};

/** Newest first. */
export async function listAlerts(
  ctx: Needs,
  query: { readonly open?: "1" | undefined; readonly cursor?: string | undefined; readonly limit: number },
): Promise<{ items: AlertItem[]; nextCursor: string | null }> {
  const page = { before: query.cursor ?? null, limit: query.limit };
  const rows = await ctx.listAlerts(query.open === "1", page);
  const items = rows.slice(0, query.limit);
  return { items, nextCursor: rows.length > query.limit ? (items.at(-1)?.id ?? null) : null };
}
