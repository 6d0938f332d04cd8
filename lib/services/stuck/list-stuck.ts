import type { JobId } from "@/lib/domain/ids";
import type { Runs } from "@/lib/domain/ports/runs";
import type { KeptVerdict, StuckChecks, Unsettled, UnsettledFilter } from "@/lib/domain/ports/stuck";
import type { Run } from "@/lib/domain/run";
import {
  ageOf,
  categoryOfActive,
  categoryOfEnded,
  recount,
  remediesFor,
  type StoredKey,
  type StuckCategory,
  type StuckCount,
  type StuckRemedy,
  stuckSentence,
} from "@/lib/domain/stuck";
import { type DeepSight, type SeenRun, seeRun, seeRunWithRecovery } from "@/lib/services/commands/see-run";
import { inSlices } from "@/lib/turns";

export type StuckQuery = {
  /** Only what is older; an active run is judged with it too. null: its job's own threshold. */
  readonly ageMs: number | null;
  readonly job: JobId | null;
  readonly tag: string | null;
  readonly limit: number;
  readonly cursor: string | null;
};

export type StuckItem = {
  readonly seen: SeenRun;
  readonly category: StuckCategory;
  readonly ageMs: number;
  readonly sentence: string;
  readonly can: readonly StuckRemedy[];
};

export type Stuck = {
  readonly at: number;
  readonly counts: StuckCount;
  readonly items: readonly StuckItem[];
  readonly nextCursor: string | null;
  readonly lastCheck: { readonly at: number; readonly found: number } | null;
};

export type StuckNeeds = DeepSight &
  Pick<Runs, "listUnfinished" | "newestAmong"> &
  Unsettled &
  Pick<StuckChecks, "lastStuckCheck">;

/**
 * What is stuck, newest first. The rows of the page are read afresh; counts rest on verdicts as they were last read. Costs what is
 * stuck, whatever the history.
 */
export async function listStuck(ctx: StuckNeeds, query: StuckQuery): Promise<Stuck> {
  const at = ctx.now();
  const filter = filterOf(query, at);
  const [unfinished, ended, stored, lastCheck] = await Promise.all([
    ctx.listUnfinished(),
    ctx.listUnsettled(filter, { before: query.cursor, limit: query.limit }),
    ctx.countUnsettled(filter),
    ctx.lastStuckCheck(),
  ]);
  // What ended between the two reads is in both: ended is the newer.
  const over = new Set(ended.map(({ id }) => id));
  const stillActive = unfinished.filter(({ id }) => !over.has(id));
  const active = await seeActive(ctx, stillActive, query, at);
  const onPage = pageOf(active, ended, query);
  const newest = await ctx.newestAmong(onPage.ended.map(({ id }) => id));
  const read = await inSlices(onPage.ended, (run) => seeEnded(ctx, run, newest.has(run.id), at));
  keepChanged(ctx, read, at);
  const before = read.map(({ run, item }) => ({
    before: storedKey(run, newest.has(run.id)),
    category: item?.category ?? null,
  }));
  const items = [...onPage.active, ...read.flatMap(({ item }) => (item === null ? [] : [item]))];
  return {
    at,
    counts: recount(
      stored,
      before,
      active.map(({ category }) => category),
    ),
    items: items.sort((a, b) => (a.seen.run.id < b.seen.run.id ? 1 : -1)),
    nextCursor: onPage.nextCursor,
    lastCheck,
  };
}

function filterOf({ ageMs, job, tag }: StuckQuery, now: number): UnsettledFilter {
  return {
    olderThan: ageMs === null ? null : now - ageMs,
    jobs: job === null ? null : [job],
    tags: tag === null ? null : [tag],
  };
}

/** Active runs in trouble, newest first. Only of those that hang is the checkpoint read. */
async function seeActive(
  ctx: StuckNeeds,
  runs: readonly Run[],
  { ageMs, job, tag }: StuckQuery,
  now: number,
): Promise<StuckItem[]> {
  const wanted = runs.filter(
    (run) =>
      (job === null || run.jobId === job) &&
      (tag === null || run.spec.tags.includes(tag)) &&
      (ageMs === null || ageOf(run, now) > ageMs),
  );
  const found = await inSlices(wanted, (run) => activeItem(ctx, run, ageMs ?? run.spec.stuckAfterMs, now));
  return found.filter((item) => item !== null).reverse();
}

/** An active run is always its job's newest. */
async function activeItem(
  ctx: StuckNeeds,
  row: Run,
  thresholdMs: number,
  now: number,
): Promise<StuckItem | null> {
  const seen = seeRun(ctx, row, thresholdMs);
  const category = categoryOfActive(row, seen.health?.health ?? null);
  if (category === null) return null;
  const whole = category === "hung" ? await seeRunWithRecovery(ctx, row, thresholdMs) : seen;
  return toItem(whole, category, true, now);
}

async function seeEnded(ctx: StuckNeeds, run: Run, isNewest: boolean, now: number) {
  const seen = { ...(await seeRunWithRecovery(ctx, run)), superseded: !isNewest };
  const { verdict, resumeFrom } = seen.recovery;
  const category = categoryOfEnded(run, verdict, isNewest);
  const item = category === null ? null : toItem(seen, category, isNewest, now);
  return { run, verdict, resumeFrom, item };
}

function toItem(seen: SeenRun, category: StuckCategory, isNewest: boolean, now: number): StuckItem {
  const { run, health, recovery } = seen;
  const said = { category, health: health?.health ?? null, isNewest, now };
  return {
    seen,
    category,
    ageMs: ageOf(run, now),
    sentence: stuckSentence(run, recovery, said),
    can: remediesFor(run, category, isNewest, recovery?.resumeFrom ?? null),
  };
}

/** Both lists are newest first, so the page is where they meet; the rest is not looked at. */
function pageOf(active: readonly StuckItem[], ended: readonly Run[], { cursor, limit }: StuckQuery) {
  const live = active.filter(({ seen }) => cursor === null || seen.run.id < cursor);
  const ids = [...live.map(({ seen }) => seen.run.id), ...ended.map(({ id }) => id)].sort().reverse();
  const last = ids[limit - 1];
  const isOnPage = (id: string) => ids.length <= limit || last === undefined || id >= last;
  return {
    active: live.filter(({ seen }) => isOnPage(seen.run.id)),
    ended: ended.filter(({ id }) => isOnPage(id)),
    nextCursor: ids.length > limit ? (last ?? null) : null,
  };
}

/** Kept for the next count. A look must not fail, nor wait, because nothing can be written. */
function keepChanged(
  ctx: StuckNeeds,
  read: readonly (Pick<KeptVerdict, "verdict" | "resumeFrom"> & { readonly run: Run })[],
  at: number,
): void {
  const changed = read.filter(isNews);
  if (changed.length === 0) return;
  void ctx
    .saveVerdicts(changed.map(({ run, verdict, resumeFrom }) => ({ runId: run.id, verdict, resumeFrom, at })))
    .catch(() => undefined);
}

/** Under what the count of stored verdicts has it. */
function storedKey({ verdict }: Run, isNewest: boolean): StoredKey {
  return isNewest ? (verdict ?? "unread") : "superseded";
}

/** Whether what was read now is something else than what is kept. */
export function isNews({
  run,
  verdict,
  resumeFrom,
}: Pick<KeptVerdict, "verdict" | "resumeFrom"> & { readonly run: Run }): boolean {
  return run.verdict !== verdict || run.resumeFrom !== resumeFrom;
}
