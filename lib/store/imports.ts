import { setImmediate as nextTurn } from "node:timers/promises";
import type { JobId, RunId } from "@/lib/domain/ids";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { TakenOver } from "@/lib/domain/ports/outside";
import type { Run } from "@/lib/domain/run";
import { writeAudit } from "./audit";
import { fromRun, importKey } from "./rows";
import { anyOf } from "./sql";
import type { Store, Transaction } from "./transaction";

/** So many rows go in with one statement: few enough that the event loop gets its turns. */
const CHUNK = 25;

type Reads = Pick<Transaction, "$queryRaw">;

/** Which records of another system have been taken over: their runs, by what that system calls them. */
export function findImported(
  { read }: Store,
  source: string,
  externalIds: readonly string[],
): Promise<Map<string, TakenOver>> {
  return known(read, source, externalIds);
}

async function known(
  reads: Reads,
  source: string,
  externalIds: readonly string[],
): Promise<Map<string, TakenOver>> {
  const byKey = new Map(externalIds.map((externalId) => [importKey({ source, externalId }), externalId]));
  const rows = await reads.$queryRaw<{ id: RunId; jobId: JobId; importKey: string }[]>`
    SELECT "id", "jobId", "importKey" FROM "Run" WHERE "importKey" IN ${anyOf([...byKey.keys()])}`;
  return new Map(
    rows.map(({ id, jobId, importKey: key }) => [byKey.get(key) ?? "", { run: id, job: jobId }]),
  );
}

/**
 * Writes final runs of other systems with an event each, all or none. A run that is there already is left as it is, and so is
 * one whose job has been deleted meanwhile.
 * @returns the ids that were written
 */
export function insertImported(
  store: Store,
  runs: readonly Run[],
  audit: AuditEntry,
  now: number,
): Promise<ReadonlySet<RunId>> {
  return store.write(async (tx, db) => {
    const fresh = await notThereYet(tx, runs);
    for (let from = 0; from < fresh.length; from += CHUNK) {
      const chunk = fresh.slice(from, from + CHUNK);
      await insertRows(
        tx,
        "Run",
        chunk.map((run) => fromRun(run, false)),
      );
      await insertRows(
        tx,
        "RunEvent",
        chunk.map((run) => ({
          runId: run.id,
          at: now,
          type: "imported",
          data: JSON.stringify({ ...run.imported, to: run.state, by: run.actor }),
        })),
      );
      await nextTurn();
    }
    await becomeNewest(tx, fresh);
    if (fresh.length > 0) writeAudit(db, audit, now);
    return new Set(fresh.map(({ id }) => id));
  });
}

/** Many rows as one parameter: forty columns as a parameter each cost ten times as much. Columns are those of the first row. */
async function insertRows(
  tx: Transaction,
  table: "Run" | "RunEvent",
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  const into = columns.map((name) => `"${name}"`).join(", ");
  const values = columns.map((name) => `given.value ->> '${name}'`).join(", ");
  const json = JSON.stringify(rows.map(toStored));
  await tx.$executeRawUnsafe(
    `INSERT INTO "${table}" (${into}) SELECT ${values} FROM json_each(?) AS given`,
    json,
  );
}

/** As the tables hold them: times in milliseconds, whole numbers. */
function toStored(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const stored = Object.entries(row).map(([name, value]) => [name, plain(value)]);
  return Object.fromEntries(stored);
}

function plain(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  return typeof value === "bigint" ? Number(value) : value;
}

async function notThereYet(tx: Transaction, runs: readonly Run[]): Promise<Run[]> {
  const keys = runs.flatMap(({ imported }) => (imported === null ? [] : [imported]));
  const source = keys[0]?.source ?? "";
  const there = await known(
    tx,
    source,
    keys.map(({ externalId }) => externalId),
  );
  const wanted = [...new Set(runs.map(({ jobId }) => jobId))];
  const jobs = await tx.$queryRaw<
    { id: string }[]
  >`SELECT "id" FROM "Job" WHERE "id" IN ${anyOf(wanted)} AND "deletingSince" IS NULL`;
  const existing = new Set(jobs.map(({ id }) => id));
  return runs.filter(
    ({ imported, jobId }) => imported !== null && !there.has(imported.externalId) && existing.has(jobId),
  );
}

/** History of another system never takes the place of a run of our own: that one may be active, or be waited for. */
async function becomeNewest(tx: Transaction, runs: readonly Run[]): Promise<void> {
  const newest = new Map<JobId, RunId>();
  for (const { jobId, id } of runs) if (id > (newest.get(jobId) ?? "")) newest.set(jobId, id);
  const jobs = await tx.$queryRaw<{ id: JobId; newestRunId: RunId | null; importKey: string | null }[]>`
    SELECT "Job"."id", "newestRunId", "importKey" FROM "Job" LEFT JOIN "Run" ON "Run"."id" = "newestRunId"
    WHERE "Job"."id" IN ${anyOf([...newest.keys()])}`;
  for (const { id, newestRunId, importKey: key } of jobs) {
    const imported = newest.get(id);
    if (imported === undefined || (newestRunId !== null && key === null)) continue;
    if (newestRunId === null || newestRunId < imported)
      await tx.job.update({ where: { id }, data: { newestRunId: imported } });
  }
}
