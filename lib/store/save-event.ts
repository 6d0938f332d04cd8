import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { RunChange, RunEventEntry } from "@/lib/domain/ports/runs";
import { isActive, type Run } from "@/lib/domain/run";
import { type RunEvent, transition } from "@/lib/domain/transition";
import { writeAudit } from "./audit";
import { releaseAll } from "./locks";
import { appendRefusal } from "./refusals";
import { fromRun } from "./rows";
import { appendEvent } from "./run-events";
import type { Statements } from "./statements";

/** One event within a transaction of the caller's, with its event row and, if it is accepted, its audit row. */
export function saveEvent(
  db: Statements,
  before: Run,
  event: RunEvent,
  now: number,
  audit?: AuditEntry,
): RunChange {
  const decided = transition(before, event, now);
  if (!decided.ok) {
    appendRefusal(db, before.id, { event: event.type, reason: decided.reason }, now);
    return { ...decided, before };
  }
  const { run } = decided;
  if (isActive(before.state) && !isActive(run.state)) releaseAll(db, run.id);
  const { id, state, version } = before;
  if (db.update("Run", { id, state, version }, fromRun(run, isActive(run.state))) !== 1)
    throw new Error(`Run ${before.id} changed between reading and writing inside one transaction.`);
  appendEvent(db, run.id, toEntry(event, before, run), now);
  if (audit !== undefined) writeAudit(db, audit, now);
  return { ...decided, before };
}

function toEntry(event: RunEvent, before: Run, run: Run): RunEventEntry {
  const { type, ...data } = event;
  return { type, data: { ...data, from: before.state, to: run.state } };
}
