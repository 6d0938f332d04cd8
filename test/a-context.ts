import { expect } from "vitest";
import { FULL_ACCESS, type Identity } from "@/lib/domain/access";
import type { RecoveryRecord } from "@/lib/domain/auto-recovery";
import { type AppError, type ErrorCode, isAppError } from "@/lib/domain/errors";
import type { JobId, RunId } from "@/lib/domain/ids";
import type { Job } from "@/lib/domain/job";
import type { Plan, PlanItem } from "@/lib/domain/plan";
import type { Actor, Asker } from "@/lib/domain/ports/audit";
import type { Ports } from "@/lib/domain/ports/ports";
import type { RunEventEntry } from "@/lib/domain/ports/runs";
import { isActive, type Run } from "@/lib/domain/run";
import { aJob, T0 } from "./factories";
import { type Called, hostPorts } from "./memory/host";
import { acquireAll, giveTurns, locksOf } from "./memory/queue";
import { memoryRepositories } from "./memory/repositories";
import { appendEvent, noTables, type Tables } from "./memory/tables";

type Given = Partial<Ports & Actor & Asker> & {
  /** A run whose job is not among them gets a plain one. */
  readonly jobs?: readonly Job[];
  /** The newest of each job is the one with the highest id. Active ones hold their locks. */
  readonly runs?: readonly Run[];
  readonly events?: readonly (RunEventEntry & { readonly runId: RunId })[];
  readonly recoveries?: readonly RecoveryRecord[];
  readonly plans?: readonly Plan[];
  readonly items?: readonly PlanItem[];
  /** Whatever else the database holds. */
  readonly tables?: Partial<Tables>;
  /** What the clock shows first, epoch milliseconds. */
  readonly at?: number;
};

export type Context = Ports &
  Actor &
  Asker & {
    /** What is in the database now. */
    readonly saved: Tables;
    /** What was set going outside the database, in order. */
    readonly called: readonly Called[];
    /** To be set by the test. */
    readonly clock: { at: number };
  };

const ADMIN: Identity = {
  name: "operator",
  access: FULL_ACCESS,
  via: "open",
  viaId: null,
  userId: null,
  mustChange: false,
  address: "192.0.2.7",
};

/** Everything a service may ask for: a database in memory and a healthy host. Any port can be handed in instead. */
export function aContext(given: Given = {}): Context {
  const { jobs = [], runs = [], events = [], recoveries, plans, items, tables = {}, at, ...ports } = given;
  const saved = filled(jobs, runs, at ?? T0);
  Object.assign(saved, {
    ...(recoveries && { recoveries: new Map(recoveries.map((record) => [record.jobId, record])) }),
    ...(plans && { plans: new Map(plans.map((plan) => [plan.id, plan])) }),
    ...(items && { items }),
    ...tables,
  });
  for (const { runId, type, data } of events) appendEvent(saved, runId, type, data, at ?? T0);
  const clock = { at: at ?? T0 };
  const called: Called[] = [];
  return {
    actor: "operator",
    who: ADMIN,
    client: { address: "192.0.2.7", secure: false },
    ...memoryRepositories(saved, () => clock.at),
    ...hostPorts(saved, () => clock.at, called),
    ...ports,
    saved,
    called,
    clock,
  };
}

function filled(jobs: readonly Job[], runs: readonly Run[], now: number): Tables {
  const tables = noTables();
  const newest = new Map<JobId, RunId>();
  for (const { id, jobId } of runs) if (id > (newest.get(jobId) ?? "")) newest.set(jobId, id);
  const missing = [...newest.keys()].filter((id) => !jobs.some((job) => job.id === id));
  tables.jobs = new Map(
    [...jobs, ...missing.map((id) => aJob({ id }))].map((job) => [
      job.id,
      { job, secrets: {}, newest: newest.get(job.id) ?? null },
    ]),
  );
  tables.runs = new Map(runs.map((run) => [run.id, run]));
  for (const run of runs)
    if (isActive(run.state) && run.state !== "queued") acquireAll(tables, run.id, locksOf(run), now);
  giveTurns(tables, now);
  return { ...tables, events: [] };
}

/** Audit entries without their time, as a test compares them. */
export function actionsOf({ saved }: Context): readonly string[] {
  return saved.audits.map(({ action }) => action);
}

/** What a run's history says has happened to it, in order. */
export function wordsOf({ saved }: Context, id: RunId): readonly string[] {
  return saved.events.filter(({ runId }) => runId === id).map(({ type }) => type);
}

/** Refused with that code, and by then nothing was written and nothing set going. */
export async function expectRefusal(
  ctx: Context,
  code: ErrorCode,
  call: () => Promise<unknown>,
): Promise<AppError> {
  const before = { ...ctx.saved };
  const set = ctx.called.length;
  const error = await call().then(
    () => new Error("It was not refused."),
    (reason: unknown) => reason,
  );
  if (!isAppError(error)) throw error;
  expect(error.code).toBe(code);
  expect(ctx.saved).toEqual(before);
  expect(ctx.called).toHaveLength(set);
  return error;
}
