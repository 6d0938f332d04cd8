import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { RunChange, RunEventEntry } from "@/lib/domain/ports/runs";
import { isActive, type Run } from "@/lib/domain/run";
import { type RunEvent, transition } from "@/lib/domain/transition";
import { writeAudit } from "./audit";
import { releaseAll } from "./locks";
import { appendRefusal } from "./refusals";
import { fromRun } from "./rows";
import { appendEvent } from "./run-events";
import type { Transaction } from "./transaction";

/** One event within a transaction of the caller's, with its event row and, if it is accepted, its audit row. */
export async function saveEvent(
  tx: Transaction,
  before: Run,
  event: RunEvent,
  now: number,
  audit?: AuditEntry,
): Promise<RunChange> {
  const decided = transition(before, event, now);
  if (!decided.ok) {
    await appendRefusal(tx, before.id, { event: event.type, reason: decided.reason }, now);
    return { ...decided, before };
  }
  const { run } = decided;
  if (isActive(before.state) && !isActive(run.state)) await releaseAll(tx, run.id);
  const saved = await tx.run.updateMany({
    where: { id: before.id, state: before.state, version: before.version },
    data: fromRun(run, isActive(run.state)),
  });
  if (saved.count !== 1)
    throw new Error(`Run ${before.id} changed between reading and writing inside one transaction.`);
  await appendEvent(tx, run.id, toEntry(event, before, run), now);
  if (audit !== undefined) await writeAudit(tx, audit, now);
  return { ...decided, before };
}

function toEntry(event: RunEvent, before: Run, run: Run): RunEventEntry {
  const { type, ...data } = event;
  return { type, data: { ...data, from: before.state, to: run.state } };
}
