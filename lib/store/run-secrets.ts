import type { Variables } from "@/lib/domain/environment";
import type { RunId } from "@/lib/domain/ids";
import type { HeldSecrets } from "@/lib/domain/ports/runs";
import type { Sealing } from "@/lib/domain/sealing";
import type { RunSecret as Row } from "./generated/client";
import { orNull } from "./job-secrets";
import type { Reads, Statements } from "./statements";
import type { Store } from "./transaction";

/** With the run itself, in one transaction: a run never names a secret that is not there. */
export function insertRunSecrets(db: Statements, sealing: Sealing, runId: RunId, values: Variables): void {
  for (const [name, text] of Object.entries(values))
    db.insert("RunSecret", { runId, name, value: sealing.seal(text, aboutRunSecret({ runId, name })) });
}

/**
 * For the launch of the run alone.
 * @throws AppError SECRET_UNREADABLE
 */
export async function runSecretValues({ look, sealing }: Store, runId: RunId): Promise<Variables> {
  return Object.fromEntries(rowsOf(look, runId).map((row) => [row.name, opened(row, sealing)]));
}

/** For a run that repeats this one. null: sealed with a key that is not here. */
export async function secretParameters({ look, sealing }: Store, runId: RunId): Promise<HeldSecrets> {
  return Object.fromEntries(rowsOf(look, runId).map((row) => [row.name, orNull(() => opened(row, sealing))]));
}

function rowsOf(look: Reads, runId: RunId): Row[] {
  return look.all<Row>`SELECT * FROM "RunSecret" WHERE "runId" = ${runId} ORDER BY "name"`;
}

function opened(row: Row, sealing: Sealing): string {
  return sealing.unseal(row.value, aboutRunSecret(row));
}

/** A value that is copied to another run or name does not open there. */
export function aboutRunSecret({ runId, name }: Pick<Row, "runId" | "name">): string {
  return `run-parameter:${runId}:${name}`;
}
