import type { Surroundings } from "@/lib/domain/deletion";
import { AppError } from "@/lib/domain/errors";
import { type HoldId, nextStamp, type PlanId, type RunId, type ScheduleId } from "@/lib/domain/ids";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { Holds } from "@/lib/domain/ports/holds";
import type {
  CleanFirst,
  Decision,
  Enqueued,
  NewIds,
  RunChange,
  RunFilter,
  Runs,
} from "@/lib/domain/ports/runs";
import type { Schedules, SlotKey } from "@/lib/domain/ports/schedules";
import { afterStart } from "@/lib/domain/recovery-follow";
import { isActive, isFinal, type Run } from "@/lib/domain/run";
import { idBeginning } from "@/lib/domain/run-text";
import { type RunEvent, transition } from "@/lib/domain/transition";
import { saveRecovery } from "./jobs";
import { acquireAll, giveTurns, locksOf, needsNoTurn, releaseAll } from "./queue";
import { appendEvent, atOnce, byId, newestOf, saveRun, type Tables, withEntry, writeAudit } from "./tables";

/** One event: decided by the domain, then written with its event row, its locks and its audit row. */
export function saveEvent(
  tables: Tables,
  before: Run,
  event: RunEvent,
  now: number,
  audit?: AuditEntry,
): RunChange {
  const decided = transition(before, event, now);
  if (!decided.ok) {
    refuse(tables, before.id, { event: event.type, reason: decided.reason }, now);
    return { ...decided, before };
  }
  const { run } = decided;
  if (isActive(before.state) && !isActive(run.state)) releaseAll(tables, run.id);
  saveRun(tables, run);
  const { type, ...data } = event;
  appendEvent(tables, run.id, type, { ...data, from: before.state, to: run.state }, now);
  if (audit !== undefined) writeAudit(tables, audit, now);
  return { ...decided, before };
}

/** The same refusal twice in a row is one row that counts. */
function refuse(tables: Tables, runId: RunId, refusal: { event: string; reason: string }, now: number): void {
  const last = tables.events.findLast((event) => event.runId === runId);
  const same =
    last?.type === "refused" && last.data.event === refusal.event && last.data.reason === refusal.reason;
  if (!same) {
    appendEvent(tables, runId, "refused", refusal, now);
    return;
  }
  const times = Number(last.data.times ?? 1) + 1;
  const counted = { ...last, data: { ...refusal, times, lastAt: new Date(now).toISOString() } };
  tables.events = tables.events.map((event) => (event === last ? counted : event));
}

function cleanInStart(tables: Tables, run: Run, { reason, plan, item }: CleanFirst, now: number): void {
  const { actor } = plan;
  const about = { actor, jobId: run.jobId, reason, details: { planId: plan.id, trigger: plan.trigger } };
  const audit = { ...about, action: "run.cleaned", runId: run.id };
  const change = saveEvent(tables, run, { type: "cleaned", reason, planId: plan.id }, now, audit);
  if (!change.ok) throw new Error(`${run.id} was to be cleaned by a start: ${change.reason}`);
  tables.plans = withEntry(tables.plans, plan.id, plan);
  tables.items = [...tables.items, item];
  writeAudit(tables, { ...about, action: "cleanup.applied" }, now);
}

function startSlot(tables: Tables, { scheduleId, slot }: SlotKey, { id }: Run, now: number): void {
  const key = `${scheduleId} ${slot}`;
  const open = tables.slots.get(key);
  if (open === undefined || (open.state !== "due" && open.state !== "waiting"))
    throw new AppError("SLOT_TAKEN", "That time was decided already. Nothing was started.");
  tables.slots = withEntry(tables.slots, key, { ...open, state: "started", runId: id, why: null, at: now });
}

function insertDecided(
  tables: Tables,
  { run, clean, slot, follows, secrets }: Decision,
  newest: Run | null,
  audit: (run: Run) => AuditEntry,
  now: number,
): Enqueued {
  if (slot !== undefined) startSlot(tables, slot, run, now);
  if (newest !== null && clean !== null) cleanInStart(tables, newest, clean, now);
  else if (newest?.unsettled) saveRun(tables, { ...newest, unsettled: false });
  becomeNewest(tables, run);
  if (secrets !== undefined) tables.runSecrets = withEntry(tables.runSecrets, run.id, secrets);
  const { trigger, actor, spec } = run;
  const { args, argsBefore } = spec;
  const plain = argsBefore === null || (argsBefore.how === "same" && args?.length === 0);
  const told = plain ? {} : { args: argsBefore.how, argsOf: argsBefore.run };
  appendEvent(tables, run.id, "queued", { trigger, actor, ...told }, now);
  if (follows !== undefined) appendEvent(tables, follows.runId, follows.word, { runId: run.id }, now);
  writeAudit(tables, audit(run), now);
  const streak = afterStart(tables.recoveries.get(run.jobId) ?? null, run, newest);
  if (streak !== null) saveRecovery(tables, run.jobId, streak, now);
  if (needsNoTurn(tables, run)) acquireAll(tables, run.id, locksOf(run), now);
  const waitingFor = needsNoTurn(tables, run) ? null : (giveTurns(tables, now).get(run.id) ?? null);
  return { ok: true, run: { ...run, waitingFor } };
}

export function becomeNewest(tables: Tables, run: Run): void {
  const entry = tables.jobs.get(run.jobId);
  if (entry === undefined) throw new Error(`There is no job ${run.jobId}.`);
  saveRun(tables, run);
  tables.jobs = withEntry(tables.jobs, run.jobId, { ...entry, newest: run.id });
}

/** Of adopted runs, by the run they were started as. */
export function surroundingsOf(tables: Tables, run: Run): Surroundings {
  const others = [...tables.runs.values()].filter(
    ({ id, lineageId }) => lineageId === run.lineageId && id !== run.id,
  );
  const adopted = others.find(({ trigger, spec }) => trigger === "adopt" && spec.adopted?.run === run.id);
  return {
    lineageOpen: [...others, run].some(({ state, unsettled }) => unsettled || isActive(state)),
    isNewest: tables.jobs.get(run.jobId)?.newest === run.id,
    adoptedAs: adopted?.id ?? null,
  };
}

function isWanted(tables: Tables, filter: RunFilter): (run: Run) => boolean {
  return (run) =>
    (filter.jobId === null || run.jobId === filter.jobId) &&
    (filter.jobs === undefined || filter.jobs.includes(run.jobId)) &&
    (filter.states === null || filter.states.includes(run.state)) &&
    (filter.since === null || run.queuedAt >= filter.since) &&
    (filter.until === null || run.queuedAt < filter.until) &&
    (filter.fingerprint === null || run.fingerprint === filter.fingerprint) &&
    (filter.text === null || isMeant(tables, filter.text, run));
}

function isMeant(tables: Tables, text: string, { id, jobId }: Run): boolean {
  const beginning = idBeginning(text);
  const title = tables.jobs.get(jobId)?.job.title ?? "";
  return (beginning !== null && id.startsWith(beginning)) || hasText(jobId, text) || hasText(title, text);
}

export function runPorts(tables: Tables, clock: () => number): Runs {
  const sorted = () => byId(tables.runs.values(), ({ id }) => id);
  return {
    enqueueRun: async (id, decide, audit, now) =>
      atOnce(tables, () => {
        const entry = tables.jobs.get(id);
        if (entry === undefined) return null;
        const newest = newestOf(tables, id);
        if (newest !== null && isActive(newest.state)) return { ok: false, active: newest };
        const decided = decide(entry.job, newest);
        return decided === "look again" ? decided : insertDecided(tables, decided, newest, audit, now);
      }),
    applyEvent: async (id, event, audit) =>
      atOnce(tables, () => {
        const before = tables.runs.get(id) ?? null;
        if (before === null) return { ok: false, reason: `There is no run ${id}.`, before };
        return saveEvent(tables, before, event, clock(), audit);
      }),
    noteEvent: async (id, type, data) => appendEvent(tables, id, type, data, clock()),
    secretParameters: async (id) => tables.runSecrets.get(id) ?? {},
    findRun: async (id) => tables.runs.get(id) ?? null,
    findRuns: async (ids) => sorted().filter(({ id }) => ids.includes(id)),
    listRuns: async (filter, { before, limit }) =>
      sorted()
        .reverse()
        .filter(isWanted(tables, filter))
        .filter(({ id }) => before === null || id < before)
        .slice(0, limit + 1),
    listEnded: async ({ jobId, endedBefore, states }, { after, limit }) =>
      sorted()
        .filter((run) => run.jobId === jobId && run.id > (after ?? "") && isFinal(run.state))
        .filter(({ endedAt }) => endedAt !== null && endedAt < endedBefore)
        .filter(({ state }) => states.length === 0 || (isFinal(state) && states.includes(state)))
        .slice(0, limit)
        .map((run) => ({ ...surroundingsOf(tables, run), run })),
    listUnfinished: async () => sorted().filter(({ state }) => isActive(state)),
    listAwaitingSuccessor: async () =>
      [...tables.jobs.values()].flatMap(({ job, newest: id }) => {
        const run = id === null ? undefined : tables.runs.get(id);
        if (run === undefined || isActive(run.state)) return [];
        const resumes = run.state === "interrupted" && job.enabled && job.resumeAfterShutdown;
        return run.cause === "restart" || (run.cause === "shutdown" && resumes) ? [run] : [];
      }),
    newestAmong: async (ids) => {
      const newest = new Set([...tables.jobs.values()].map((entry) => entry.newest));
      return new Set(ids.filter((id) => newest.has(id)));
    },
    findEvent: async (id, types) => {
      const found = tables.events.findLast(({ runId, type }) => runId === id && types.includes(type));
      return found === undefined ? null : withoutRun(found);
    },
    listEvents: async (id, { after, limit }) =>
      tables.events
        .filter((event) => event.runId === id && event.id > after)
        .slice(0, limit)
        .map(withoutRun),
    listUsage: async (id) =>
      tables.usage.filter(({ runId }) => runId === id).map(({ runId: _, ...point }) => point),
    fencesOf: async (id) =>
      [...tables.locks].flatMap(([name, { fence, holder }]) => (holder === id ? [{ name, fence }] : [])),
  };
}

function withoutRun({ runId: _, ...event }: Tables["events"][number]) {
  return event;
}

/** Each sorts behind every one there is. `entropy` is a number, another one each time, and something of all sorts behind it. */
export function idPorts(
  tables: Tables,
): NewIds & Pick<Schedules, "newScheduleId"> & Pick<Holds, "newHoldId"> {
  let made = 0;
  const issued = { run_: "", plan_: "", alert_: "", sch_: "", hold_: "" };
  const next = (prefix: keyof typeof issued, there: Iterable<string>, now: number): string => {
    const newest = [...there].map((id) => id.slice(prefix.length)).reduce(later, issued[prefix]);
    issued[prefix] = nextStamp(newest, now, "0".repeat(20));
    return `${prefix}${issued[prefix]}`;
  };
  return {
    newRunId: (now) => next("run_", tables.runs.keys(), now) as RunId,
    newPlanId: (now) => next("plan_", tables.plans.keys(), now) as PlanId,
    newHoldId: (now) => next("hold_", tables.holds.keys(), now) as HoldId,
    newScheduleId: (now) => next("sch_", tables.schedules.keys(), now) as ScheduleId,
    newAlertId: (now) => next("alert_", tables.alerts.keys(), now),
    entropy: (length) => {
      made += 1;
      return made.toString(36).padStart(4, "0").padEnd(length, "k7x2m9q4w8z1c5v3b6n0").slice(0, length);
    },
  };
}

function later(one: string, other: string): string {
  return one > other ? one : other;
}

/** As SQLite compares: whatever the case of ASCII letters, and of those only. */
function hasText(text: string, part: string): boolean {
  return asciiLower(text).includes(asciiLower(part));
}

function asciiLower(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
