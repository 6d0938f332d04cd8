import type { RunId } from "@/lib/domain/ids";
import type { Runs, StoredRunEvent } from "@/lib/domain/ports/runs";
import { runNotFound } from "./get-run";

/** Oldest first. @throws AppError RUN_NOT_FOUND */
export async function listRunEvents(
  ctx: Pick<Runs, "findRun" | "listEvents">,
  id: RunId,
  page: { cursor?: string | undefined; limit: number },
): Promise<{ items: StoredRunEvent[]; nextCursor: string | null }> {
  if ((await ctx.findRun(id)) === null) throw runNotFound(id);
  const after = Number(page.cursor ?? 0);
  const rows = await ctx.listEvents(id, {
    after: Number.isSafeInteger(after) ? after : 0,
    limit: page.limit + 1,
  });
  const items = rows.slice(0, page.limit);
  return { items, nextCursor: rows.length > page.limit ? String(items.at(-1)?.id) : null };
}
