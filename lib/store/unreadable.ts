import { setImmediate as nextTurn } from "node:timers/promises";
import { isAppError } from "@/lib/domain/errors";
import { toJob } from "./job-rows";
import { toRun } from "./rows";
import type { Store } from "./transaction";

/** `what`: as `job nightly`. */
export type UnreadableRow = { readonly what: string; readonly why: string };

const ROWS_AT_ONCE = 40;

/**
 * Jobs, and newest runs of jobs (an active run always is one), whose row a disk or a hand has damaged. Such a job is on no list, since nothing
 * can be done with it.
 */
export async function findUnreadable(store: Store): Promise<UnreadableRow[]> {
  const found: UnreadableRow[] = [];
  for (let after = ""; ; await nextTurn()) {
    const rows = await store.read.job.findMany({
      where: { id: { gt: after }, deletingSince: null },
      orderBy: { id: "asc" },
      take: ROWS_AT_ONCE,
      include: { newestRun: true },
    });
    for (const row of rows) {
      found.push(...problemOf(`job ${row.id}`, () => toJob(row)));
      const { newestRun } = row;
      if (newestRun !== null) found.push(...problemOf(`run ${newestRun.id}`, () => toRun(newestRun)));
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_AT_ONCE) return found;
    after = last.id;
  }
}

function problemOf(what: string, read: () => unknown): UnreadableRow[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!isAppError(error) || error.code !== "ROW_UNREADABLE") throw error;
    return [{ what, why: error.cause instanceof Error ? error.cause.message : error.message }];
  }
}
