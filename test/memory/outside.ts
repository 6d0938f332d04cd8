import { AppError } from "@/lib/domain/errors";
import { STOP_OUTCOME_WORDS } from "@/lib/domain/outside-stop";
import type { Adoption, Imports, OutsideStops } from "@/lib/domain/ports/outside";
import { isActive, type Run } from "@/lib/domain/run";
import { acquireAll, giveTurns, locksOf } from "./queue";
import { becomeNewest } from "./runs";
import {
  appendEvent,
  atOnce,
  newestOf,
  saveRun,
  type Tables,
  withEntry,
  withoutEntry,
  writeAudit,
} from "./tables";

export function stopPorts(tables: Tables, clock: () => number, hostInstance: string): OutsideStops {
  let stops = 0;
  return {
    openStop: async (asked, audit) => {
      stops += 1;
      const stop = { ...asked, id: stops, hostInstance, requestedAt: clock(), signalled: null };
      tables.stops = withEntry(tables.stops, stop.id, stop);
      writeAudit(tables, audit, clock());
      return stop;
    },
    closeStop: async ({ id }, outcome, why) => {
      const stop = tables.stops.get(id);
      if (stop === undefined) return;
      tables.stops = withoutEntry(tables.stops, id);
      const { jobId, runId, target, identity, actor } = stop;
      const audit = {
        actor: "system",
        action: outcome === "refused" ? `${target.kind}.stop_refused` : `${target.kind}.stopped`,
        ...(jobId === null ? {} : { jobId }),
        ...(runId === null ? {} : { runId }),
        reason: why ?? STOP_OUTCOME_WORDS[outcome],
        details: { pid: identity.pid, outcome, askedBy: actor },
      };
      writeAudit(tables, audit, clock());
    },
  };
}

export function adoptionPorts(tables: Tables): Adoption {
  return {
    insertAdopted: async (id, decide, event, audit, now) =>
      atOnce(tables, () => {
        const entry = tables.jobs.get(id);
        if (entry === undefined) return null;
        const active = [...tables.runs.values()].find(({ jobId, state }) => jobId === id && isActive(state));
        if (active !== undefined) return { active: active.id };
        const newest = newestOf(tables, id);
        const run = decide(entry.job, newest);
        for (const before of [newest?.id, run.parentRunId]) {
          const settled = before == null ? undefined : tables.runs.get(before);
          if (settled !== undefined) saveRun(tables, { ...settled, unsettled: false });
        }
        becomeNewest(tables, run);
        const taken = acquireAll(tables, run.id, locksOf(run), now);
        if (taken !== null) throw lockHeld(id, taken);
        appendEvent(tables, run.id, "stray_adopted", event, now);
        writeAudit(tables, audit(run), now);
        giveTurns(tables, now);
        return { run };
      }),
  };
}

function lockHeld(job: string, { name, heldBy }: { name: string; heldBy: string }): AppError {
  const message = `It cannot be adopted: the lock ${name}, which every run of job "${job}" holds, is held by ${heldBy}. Nothing was changed. Stop ${heldBy} first.`;
  return new AppError("STRAY_REFUSED", message, { job, lock: name, heldBy });
}

export function importPorts(tables: Tables): Imports {
  const known = (source: string, externalId: string): Run | undefined =>
    [...tables.runs.values()].find(
      ({ imported }) => imported?.source === source && imported.externalId === externalId,
    );
  return {
    findImported: async (source, externalIds) =>
      new Map(
        externalIds.flatMap((externalId) => {
          const run = known(source, externalId);
          return run === undefined ? [] : [[externalId, { run: run.id, job: run.jobId }] as const];
        }),
      ),
    insertImported: async (runs, audit, now) => {
      const fresh = runs.filter(
        ({ imported, jobId }) =>
          imported !== null && !known(imported.source, imported.externalId) && tables.jobs.has(jobId),
      );
      for (const run of fresh) {
        saveRun(tables, run);
        const data = { ...run.imported, to: run.state, by: run.actor };
        appendEvent(tables, run.id, "imported", data, now);
        // History never takes the place of a run of our own.
        const newest = newestOf(tables, run.jobId);
        if (newest === null || (newest.imported !== null && newest.id < run.id)) becomeNewest(tables, run);
      }
      if (fresh.length > 0) writeAudit(tables, audit, now);
      return new Set(fresh.map(({ id }) => id));
    },
  };
}
