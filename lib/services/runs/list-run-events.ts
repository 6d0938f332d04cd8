import type { RunId } from "@/lib/domain/ids";
import type { Run } from "@/lib/domain/run";
import { runNotFound } from "./get-run";

export type RunEventItem = {
  readonly id: number;
  readonly at: number;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
};

type Needs = {
  findRun(id: RunId): Promise<Run | null>;
  listEvents(id: RunId, page: { after: number; limit: number }): Promise<RunEventItem[]>;
};

/** Oldest first. @throws AppError RUN_NOT_FOUND */
export async function listRunEvents(
  ctx: Needs,
  id: RunId,
  page: { cursor?: string | undefined; limit: number },
): Promise<{ items: RunEventItem[]; nextCursor: string | null }> {
  if ((await ctx.findRun(id)) === null) throw runNotFound(id);
  const after = Number(page.cursor ?? 0);
  const rows = await ctx.listEvents(id, {
    after: Number.isSafeInteger(after) ? after : 0,
    limit: page.limit + 1,
  });
  const items = rows.slice(0, page.limit);
  return { items, nextCursor: rows.length > page.limit ? String(items.at(-1)?.id) : null };
}
