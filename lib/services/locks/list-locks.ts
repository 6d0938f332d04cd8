import { type LockKind, lockLabel, lockNameOf } from "@/lib/domain/lock";
import type { Locks, LockWithLine } from "@/lib/domain/ports/locks";

/** By name, the jobs' own before the shared ones; the cursor is the name of the last one shown. */
export async function listLocks(
  ctx: Pick<Locks, "listLocks">,
  query: { kind?: LockKind | undefined; cursor?: string | undefined; limit: number },
): Promise<{ items: LockWithLine[]; nextCursor: string | null }> {
  const after = query.cursor === undefined ? null : lockNameOf(query.cursor);
  const rows = await ctx.listLocks(query.kind ?? null, { after, limit: query.limit });
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > query.limit && last !== undefined ? lockLabel(last.name) : null };
}
