import type { JobId, RunId } from "@/lib/domain/ids";
import { type LockKind, lockLabel, lockNameOf } from "@/lib/domain/lock";
import type { Run } from "@/lib/domain/run";

export type WaitingRun = {
  readonly id: RunId;
  readonly jobId: JobId;
  readonly priority: number;
  readonly queuedAt: number;
  readonly waitingFor: string | null;
};

export type LockItem = {
  readonly name: string;
  readonly fence: number;
  readonly acquiredAt: number | null;
  readonly holder: Run | null;
  readonly waiting: readonly WaitingRun[];
};

type Needs = {
  listLocks(kind: LockKind | null, page: { after: string | null; limit: number }): Promise<LockItem[]>;
};

/** By name, the jobs' own before the shared ones; the cursor is the name of the last one shown. */
export async function listLocks(
  ctx: Needs,
  query: { kind?: LockKind | undefined; cursor?: string | undefined; limit: number },
): Promise<{ items: LockItem[]; nextCursor: string | null }> {
  const after = query.cursor === undefined ? null : lockNameOf(query.cursor);
  const rows = await ctx.listLocks(query.kind ?? null, { after, limit: query.limit });
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > query.limit && last !== undefined ? lockLabel(last.name) : null };
}
