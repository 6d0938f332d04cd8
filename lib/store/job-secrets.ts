import type { Variables } from "@/lib/domain/environment";
import type { JobId } from "@/lib/domain/ids";
import type { Store, Transaction } from "./transaction";

/** The values of a job's secrets, for a launch. Nothing else may ask: what is read here is shown nowhere. */
export function secretValues(store: Store, jobId: JobId): Promise<Variables> {
  return readSecrets(store.read, jobId);
}

export async function readSecrets(tx: Pick<Transaction, "jobSecret">, jobId: JobId): Promise<Variables> {
  const rows = await tx.jobSecret.findMany({ where: { jobId } });
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}

/** Writes what has changed, in the transaction that changes the names in the job's row. */
export async function saveSecrets(
  tx: Transaction,
  jobId: JobId,
  before: Variables,
  after: Variables,
): Promise<void> {
  const gone = Object.keys(before).filter((name) => after[name] === undefined);
  for (const name of gone) await tx.jobSecret.delete({ where: { jobId_name: { jobId, name } } });
  for (const [name, value] of Object.entries(after)) {
    if (before[name] === value) continue;
    await tx.jobSecret.upsert({
      where: { jobId_name: { jobId, name } },
      create: { jobId, name, value },
      update: { value },
    });
  }
}
