import type { JobId, RunId } from "@/lib/domain/ids";
import { fromRun } from "@/lib/store/rows";
import type { Store } from "@/lib/store/transaction";
import { aRun, runId, T0 } from "@/test/factories";

/** A finished run that is older than all others. */
export async function givenBase(store: Store, job: JobId): Promise<RunId> {
  const run = aRun("completed", {
    id: runId("run_00000000000000000000"),
    jobId: job,
    queuedAt: T0 + 3_600_000,
  });
  await store.write((tx) => tx.run.create({ data: fromRun(run, false) }));
  return run.id;
}

/** So many copies of a run with ids that count up, and with some columns said anew; `i` counts from 0. */
export async function copied(
  store: Store,
  base: RunId,
  count: number,
  said: Readonly<Record<string, string>>,
) {
  const columns = await store.read.$queryRawUnsafe<{ name: string }[]>(
    "SELECT name FROM pragma_table_info('Run')",
  );
  const names = columns.map(({ name }) => name);
  const anew: Readonly<Record<string, string>> = { ...said, id: "'run_1' || printf('%019d', i)" };
  const values = names.map((name) => anew[name] ?? `r."${name}"`);
  await store.write((tx) =>
    tx.$executeRawUnsafe(
      `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${count})
       INSERT INTO "Run" (${names.map((name) => `"${name}"`)}) SELECT ${values} FROM n, "Run" AS r WHERE r."id" = ?`,
      base,
    ),
  );
}

/** How often others got their turn while this was done. */
export async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let over = false;
  const count = () => {
    turns += 1;
    if (!over) setImmediate(count);
  };
  setImmediate(count);
  await work();
  over = true;
  return turns;
}
