import type { Store } from "./transaction";

/** How the database does: a write that changes nothing, and the newest time it knows. */
export async function probeStore(store: Store): Promise<{
  tookMs: number | null;
  problem: string | null;
  newestAt: number | null;
}> {
  const began = performance.now();
  try {
    await store.change((db) => db.change`UPDATE "Worker" SET "epoch" = "epoch" WHERE FALSE`);
    const tookMs = performance.now() - began;
    const newest = await store.read.run.findFirst({ orderBy: { id: "desc" }, select: { queuedAt: true } });
    return { tookMs, problem: null, newestAt: newest === null ? null : Number(newest.queuedAt) };
  } catch (error) {
    return { tookMs: null, problem: error instanceof Error ? error.message : String(error), newestAt: null };
  }
}
