import type { Variables } from "@/lib/domain/environment";
import { isAppError } from "@/lib/domain/errors";
import type { JobId } from "@/lib/domain/ids";
import type { Sealing } from "@/lib/domain/sealing";
import type { JobSecret as Row } from "./generated/client";
import type { Store, Transaction } from "./transaction";

/**
 * The values of a job's secrets, for a launch. Nothing else may ask: what is read here is shown nowhere.
 * @throws AppError SECRET_UNREADABLE
 */
export async function secretValues({ read, sealing }: Store, jobId: JobId): Promise<Variables> {
  const rows = await read.jobSecret.findMany({ where: { jobId } });
  return Object.fromEntries(rows.map((row) => [row.name, textOf(row, sealing)]));
}

/**
 * The same for a change of the job. One that cannot be opened can still be kept or replaced: in its place stands what no value can be, and
 * nothing is written where that is left as it is.
 */
export async function secretsToChange(tx: Transaction, sealing: Sealing, jobId: JobId): Promise<Variables> {
  const rows = await tx.jobSecret.findMany({ where: { jobId } });
  return Object.fromEntries(rows.map((row) => [row.name, openable(row, sealing) ?? `\0${row.value}`]));
}

/** null: it was sealed with a key that is not here. */
export function openable(row: Row, sealing: Sealing): string | null {
  return orNull(() => textOf(row, sealing));
}

/** null: what `unseal` reads was sealed with a key that is not here. */
export function orNull(unseal: () => string): string | null {
  try {
    return unseal();
  } catch (error) {
    if (isAppError(error) && error.code === "SECRET_UNREADABLE") return null;
    throw error;
  }
}

/** Writes what has changed, in the transaction that changes the names in the job's row. */
export async function saveSecrets(
  tx: Transaction,
  sealing: Sealing,
  jobId: JobId,
  before: Variables,
  after: Variables,
): Promise<void> {
  const gone = Object.keys(before).filter((name) => after[name] === undefined);
  for (const name of gone) await tx.jobSecret.delete({ where: { jobId_name: { jobId, name } } });
  for (const [name, text] of Object.entries(after)) {
    if (before[name] === text) continue;
    const value = sealing.seal(text, aboutSecret({ jobId, name }));
    await tx.jobSecret.upsert({
      where: { jobId_name: { jobId, name } },
      create: { jobId, name, value, sealed: true },
      update: { value, sealed: true },
    });
  }
}

function textOf(row: Row, sealing: Sealing): string {
  return row.sealed ? sealing.unseal(row.value, aboutSecret(row)) : row.value;
}

/** A value that is copied to another job or name does not open there. */
export function aboutSecret({ jobId, name }: Pick<Row, "jobId" | "name">): string {
  return `job-secret:${jobId}:${name}`;
}
