import type { JobId, RunId, WorkerId } from "@/lib/domain/ids";
import {
  type NewOutsideStop,
  type OutsideStop,
  STOP_OUTCOME_WORDS,
  type StopOutcome,
  type StopTarget,
} from "@/lib/domain/outside-stop";
import type { HostInstance, ProcessIdentity } from "@/lib/domain/run";
import { type AuditEntry, writeAudit } from "./audit";
import type { OutsideStop as Row } from "./generated/client";
import type { Store } from "./transaction";

/** Writes a stop down with its audit row, before anyone is signalled. */
export function openStop(
  store: Store,
  worker: { readonly id: WorkerId; readonly hostInstance: HostInstance },
  stop: NewOutsideStop,
  audit: AuditEntry,
  now: number,
): Promise<OutsideStop> {
  const { target, identity, ...rest } = stop;
  const data = {
    ...rest,
    workerId: worker.id,
    hostInstance: worker.hostInstance,
    kind: target.kind,
    target: JSON.stringify(target),
    pid: identity.pid,
    ticks: BigInt(identity.startTicks),
    requestedAt: new Date(now),
  };
  return store.write(async (tx) => {
    await writeAudit(tx, audit, now);
    return toStop(await tx.outsideStop.create({ data }));
  });
}

/** A worker's stops that are not over, in the order they were asked for. */
export async function listStops(store: Store, workerId: WorkerId): Promise<OutsideStop[]> {
  const rows = await store.read.outsideStop.findMany({ where: { workerId }, orderBy: { id: "asc" } });
  return rows.map(toStop);
}

/** The first signal is about to be sent to these. */
export async function noteSignalled(
  store: Store,
  id: number,
  members: readonly ProcessIdentity[],
): Promise<void> {
  const signalled = JSON.stringify(members.map(({ pid, startTicks }) => ({ pid, startTicks })));
  await store.write((tx) => tx.outsideStop.updateMany({ where: { id }, data: { signalled } }));
}

/** It is over: the audit tells how. @param why instead of the usual words for the outcome */
export async function closeStop(
  store: Store,
  { id }: Pick<OutsideStop, "id">,
  outcome: StopOutcome,
  why: string | null,
  now: number,
): Promise<void> {
  await store.write(async (tx) => {
    const row = await tx.outsideStop.findUnique({ where: { id } });
    if (row === null) return;
    await tx.outsideStop.delete({ where: { id } });
    const stop = toStop(row);
    const audit = {
      actor: "system",
      action: outcome === "refused" ? `${row.kind}.stop_refused` : `${row.kind}.stopped`,
      ...(stop.jobId === null ? {} : { jobId: stop.jobId }),
      ...(stop.runId === null ? {} : { runId: stop.runId }),
      reason: why ?? STOP_OUTCOME_WORDS[outcome],
      details: { pid: row.pid, outcome, askedBy: row.actor },
    };
    await writeAudit(tx, audit, now);
  });
}

/** Only this file writes these rows. */
function toStop(row: Row): OutsideStop {
  return {
    id: row.id,
    target: JSON.parse(row.target) as StopTarget,
    identity: { pid: row.pid, startTicks: Number(row.ticks) },
    hostInstance: row.hostInstance,
    firstSignal: row.firstSignal as NodeJS.Signals,
    graceMs: row.graceMs,
    requestedAt: row.requestedAt.getTime(),
    signalled: row.signalled === null ? null : (JSON.parse(row.signalled) as ProcessIdentity[]),
    actor: row.actor,
    jobId: row.jobId as JobId | null,
    runId: row.runId as RunId | null,
  };
}
