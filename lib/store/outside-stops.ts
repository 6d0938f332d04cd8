import type { JobId, RunId, WorkerId } from "@/lib/domain/ids";
import {
  type NewOutsideStop,
  type OutsideStop,
  STOP_OUTCOME_WORDS,
  type StopOutcome,
  type StopTarget,
} from "@/lib/domain/outside-stop";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { HostInstance, ProcessIdentity } from "@/lib/domain/run";
import type { SignalProfile, StopSignal } from "@/lib/domain/signal-profile";
import { writeAudit } from "./audit";
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
  const { target, identity, profile, once, ...rest } = stop;
  const data = {
    ...rest,
    // What a version before profiles would send, should one be started over this row.
    firstSignal: profile.sequence[0]?.signal ?? "SIGTERM",
    signals: JSON.stringify({ ...profile, once }),
    workerId: worker.id,
    hostInstance: worker.hostInstance,
    kind: target.kind,
    target: JSON.stringify(target),
    pid: identity.pid,
    ticks: BigInt(identity.startTicks),
    requestedAt: new Date(now),
  };
  return store.write(async (tx, db) => {
    writeAudit(db, audit, now);
    return toStop(await tx.outsideStop.create({ data }));
  });
}

/** A worker's stops that are not over, in the order they were asked for. */
export async function listStops(store: Store, workerId: WorkerId): Promise<OutsideStop[]> {
  const rows = await store.read.outsideStop.findMany({ where: { workerId }, orderBy: { id: "asc" } });
  return rows.map(toStop);
}

/** These are about to get a signal. */
export async function noteSignalled(
  store: Store,
  id: number,
  state: NonNullable<OutsideStop["signalled"]>,
): Promise<void> {
  const signalled = JSON.stringify(state);
  await store.change(
    (db) => db.change`UPDATE "OutsideStop" SET "signalled" = ${signalled} WHERE "id" = ${id}`,
  );
}

/** It is over: the audit tells how. @param why instead of the usual words for the outcome */
export async function closeStop(
  store: Store,
  { id }: Pick<OutsideStop, "id">,
  outcome: StopOutcome,
  why: string | null,
  now: number,
): Promise<void> {
  await store.write(async (tx, db) => {
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
    writeAudit(db, audit, now);
  });
}

/** Only this file writes these rows. */
function toStop(row: Row): OutsideStop {
  return {
    id: row.id,
    target: JSON.parse(row.target) as StopTarget,
    identity: { pid: row.pid, startTicks: Number(row.ticks) },
    hostInstance: row.hostInstance,
    ...profileOf(row),
    graceMs: row.graceMs,
    requestedAt: row.requestedAt.getTime(),
    signalled: row.signalled === null ? null : signalledIn(row.signalled),
    actor: row.actor,
    jobId: row.jobId as JobId | null,
    runId: row.runId as RunId | null,
  };
}

/** Of an earlier version: one signal, to every process. */
function profileOf({ signals, firstSignal, graceMs }: Row): Pick<OutsideStop, "profile" | "once"> {
  if (signals !== null) {
    const { once, ...profile } = JSON.parse(signals) as SignalProfile & { once: boolean };
    return { profile, once };
  }
  const sequence = [{ signal: firstSignal as StopSignal, waitMs: graceMs }];
  return { profile: { to: "tree", sequence }, once: false };
}

/** Of an earlier version: those that got the first signal, and that was every process. */
function signalledIn(text: string): NonNullable<OutsideStop["signalled"]> {
  const value = JSON.parse(text) as NonNullable<OutsideStop["signalled"]> | ProcessIdentity[];
  return Array.isArray(value) ? { steps: 1, everybody: true, processes: value, met: value } : value;
}
