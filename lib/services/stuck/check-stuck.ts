import type { JobId, RunId } from "@/lib/domain/ids";
import type { Job } from "@/lib/domain/job";
import type { NewIds } from "@/lib/domain/ports/runs";
import type { KeptVerdict, NewAlert, StuckChecks } from "@/lib/domain/ports/stuck";
import type { Run } from "@/lib/domain/run";
import {
  ageOf,
  categoryOfActive,
  categoryOfEnded,
  STUCK_CATEGORIES,
  type StuckCategory,
} from "@/lib/domain/stuck";
import type { RecoveryVerdict } from "@/lib/domain/verdict";
import type { FindJob } from "@/lib/services/commands/get-job";
import { seeRun, seeRunWithRecovery } from "@/lib/services/commands/see-run";
import { inSlices } from "@/lib/turns";
import { isNews, type StuckNeeds } from "./list-stuck";

/**
 * Has the dead runs of these jobs cleaned that are older than the job's own threshold, by plans with the trigger `policy`: each run
 * is looked at again before it is cleaned. @returns the plans that are being applied
 */
export type CleanByPolicy = (
  jobs: readonly { readonly id: JobId; readonly stuckAfterMs: number }[],
) => Promise<readonly { readonly plan: { readonly id: string } }[]>;

export type CheckNeeds = Pick<
  StuckNeeds,
  "now" | "live" | "readState" | "listUnfinished" | "listUnsettled" | "newestAmong" | "saveVerdicts"
> &
  Pick<StuckChecks, "toldRuns" | "saveStuckCheck"> &
  Pick<NewIds, "newAlertId"> &
  FindJob & {
    /** null: nothing is cleaned by policy here. */
    readonly cleanByPolicy: CleanByPolicy | null;
    /** Whether the dashboard is going down: the next one starts the check again. */
    stopped(): boolean;
  };

export type StuckCheck = {
  readonly counts: Readonly<Record<StuckCategory, number>>;
  readonly found: number;
  readonly alert: string | null;
  /** The plans by which jobs have their dead runs cleaned. */
  readonly plans: readonly string[];
};

const PAGE = 100;
/** These need attention. What is complete or unknown can wait until the page is opened. */
const ALARMING: readonly StuckCategory[] = ["resumable", "dead", "hung", "orphaned"];
/** So many runs are remembered as told at most. */
const MOST_NAMED = 100_000;

type Found = { readonly run: Run; readonly category: StuckCategory };
type FoundEnded = Found & { readonly verdict: RecoveryVerdict };

/**
 * The periodic check: reads what every unsettled run has left, alerts when there is something new, and cleans what jobs have said
 * may be cleaned. @returns null when the dashboard went down meanwhile
 */
export async function checkStuck(ctx: CheckNeeds): Promise<StuckCheck | null> {
  const ended = await readUnsettled(ctx);
  if (ended === null) return null;
  const active = await readActive(ctx);
  const cleaning = await cleanAsSaid(ctx, ended);
  // What its job has cleaned by itself needs no attention.
  const found = [...ended.filter(({ run }) => !cleaning.runs.has(run.id)), ...active];
  const counts = countOf(found);
  const alert = alertFor(ctx, found, counts, await ctx.toldRuns());
  const { plans } = cleaning;
  const details = { counts, plans, alert: alert?.id ?? null };
  const audit = { actor: "system", action: "stuck.checked", details };
  await ctx.saveStuckCheck(found.length, alert, audit, ctx.now());
  return { counts, found: found.length, alert: alert?.id ?? null, plans };
}

async function readUnsettled(ctx: CheckNeeds): Promise<FoundEnded[] | null> {
  const found: FoundEnded[] = [];
  const all = { olderThan: null, jobs: null, tags: null };
  for (let before: string | null = null; ; ) {
    if (ctx.stopped()) return null;
    const rows: Run[] = await ctx.listUnsettled(all, { before, limit: PAGE });
    const page = rows.slice(0, PAGE);
    const read = await inSlices(page, async (run) => ({
      run,
      ...(await seeRunWithRecovery(ctx, run)).recovery,
    }));
    const changed = read.filter(isNews);
    await ctx.saveVerdicts(
      changed.map(
        ({ run, verdict, resumeFrom }): KeptVerdict => ({
          runId: run.id,
          verdict,
          resumeFrom,
          at: ctx.now(),
        }),
      ),
    );
    const newest = await ctx.newestAmong(page.map(({ id }) => id));
    for (const { run, verdict } of read) {
      const category = categoryOfEnded(run, verdict, newest.has(run.id));
      if (category !== null) found.push({ run, category, verdict });
    }
    if (rows.length <= PAGE) return found;
    before = page.at(-1)?.id ?? null;
  }
}

async function readActive(ctx: CheckNeeds): Promise<Found[]> {
  const read = await inSlices(await ctx.listUnfinished(), (run) => {
    const health = seeRun(ctx, run).health?.health ?? null;
    const category = categoryOfActive(run, health);
    return category === null ? null : { run, category };
  });
  return read.filter((one) => one !== null);
}

type Cleaning = { readonly runs: ReadonlySet<RunId>; readonly plans: readonly string[] };

/** Dead runs that are old enough, of jobs that say so. */
async function cleanAsSaid(ctx: CheckNeeds, ended: readonly FoundEnded[]): Promise<Cleaning> {
  if (ctx.cleanByPolicy === null) return { runs: new Set(), plans: [] };
  // A newer run does not keep a dead one from being cleaned.
  const dead = ended.filter(({ run, verdict }) => verdict === "dead" && run.state === "interrupted");
  const runs = new Set<RunId>();
  const jobs: Job[] = [];
  for (const id of new Set(dead.map(({ run }) => run.jobId))) {
    const job = (await ctx.findJob(id))?.job;
    if (job?.onStuck !== "clean") continue;
    const old = dead.filter(({ run }) => run.jobId === id && ageOf(run, ctx.now()) > job.stuckAfterMs);
    if (old.length > 0) jobs.push(job);
    for (const { run } of old) runs.add(run.id);
  }
  if (jobs.length === 0 || ctx.stopped()) return { runs: new Set(), plans: [] };
  const asked = jobs.map(({ id, stuckAfterMs }) => ({ id, stuckAfterMs }));
  return { runs, plans: (await ctx.cleanByPolicy(asked)).map(({ plan }) => plan.id) };
}

function countOf(found: readonly Found[]): Record<StuckCategory, number> {
  const count = (category: StuckCategory) => found.filter((one) => one.category === category).length;
  return Object.fromEntries(STUCK_CATEGORIES.map((category) => [category, count(category)])) as Record<
    StuckCategory,
    number
  >;
}

/** Only when there is a run that the last alert did not name: the same ones are not told every six hours. */
function alertFor(
  ctx: CheckNeeds,
  found: readonly Found[],
  counts: Readonly<Record<StuckCategory, number>>,
  toldBefore: readonly string[],
): NewAlert | null {
  const alarming = found.filter(({ category }) => ALARMING.includes(category)).map(({ run }) => run.id);
  const told = new Set(toldBefore);
  const fresh = alarming.filter((id) => !told.has(id));
  if (fresh.length === 0) return null;
  const at = ctx.now();
  const said = ALARMING.filter((category) => counts[category] > 0).map((one) => `${counts[one]} ${one}`);
  const runs = alarming.length === 1 ? "1 run is stuck" : `${alarming.length} runs are stuck`;
  return {
    id: ctx.newAlertId(at),
    at,
    kind: "stuck",
    title: `${runs}: ${said.join(", ")}`,
    detail: `${sinceLast(fresh.length, alarming.length)} Nothing was cleaned because of this alert: see what is stuck, then resume or clean it up.`,
    job: null,
    counts,
    runs: alarming.slice(0, MOST_NAMED),
  };
}

function sinceLast(fresh: number, all: number): string {
  if (fresh === all) return "No alert has reported this yet.";
  return `${fresh === 1 ? "One of them is" : `${fresh} of them are`} new since the last alert.`;
}
