import type { RunId } from "@/lib/domain/ids";
import { anyOf } from "./sql";
import type { Transaction } from "./transaction";

/**
 * Takes every lock for one run or none of them; answers the lock in the way, or null when all are now held.
 * Each taking raises the lock's fence by one.
 */
export async function acquireAll(
  tx: Transaction,
  runId: RunId,
  names: readonly string[],
  now: number,
): Promise<{ name: string; heldBy: string } | null> {
  const rows = await tx.$queryRaw<{ name: string; runId: string | null }[]>`
    SELECT "name", "runId" FROM "Lock" WHERE "name" IN ${anyOf(names)}`;
  const taken = rows.find((row) => row.runId !== null && row.runId !== runId);
  if (taken?.runId) return { name: taken.name, heldBy: taken.runId };
  for (const name of names) {
    const row = rows.find((one) => one.name === name);
    if (row?.runId === runId) continue;
    const held = { runId, acquiredAt: new Date(now) };
    if (row === undefined) await tx.lock.create({ data: { name, ...held, fence: 1 } });
    else await tx.lock.update({ where: { name, runId: null }, data: { ...held, fence: { increment: 1 } } });
  }
  return null;
}

/** Who holds all its locks has been given its turn, limits included. */
export async function holdsAll(tx: Transaction, runId: RunId, names: readonly string[]): Promise<boolean> {
  const held = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM "Lock" WHERE "runId" = ${runId} AND "name" IN ${anyOf(names)}`;
  return held.length === names.length;
}

export async function releaseAll(tx: Transaction, runId: RunId): Promise<void> {
  await tx.lock.updateMany({ where: { runId }, data: { runId: null, acquiredAt: null } });
}
