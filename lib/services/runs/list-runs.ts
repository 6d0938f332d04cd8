import type { JobId } from "@/lib/domain/ids";
import type { Runs } from "@/lib/domain/ports/runs";
import { isSuperseded } from "@/lib/domain/resume";
import type { Run, RunState } from "@/lib/domain/run";
import { type SeenRun, type Sight, seeRun } from "@/lib/services/commands/see-run";
import { inSlices } from "@/lib/turns";

export type RunListQuery = {
  readonly job?: JobId | undefined;
  /** As far as who asks may see them; undefined: all. */
  readonly jobs?: readonly JobId[] | undefined;
  readonly state?: readonly RunState[] | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly q?: string | undefined;
  readonly fingerprint?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
};

type Needs = Sight & Pick<Runs, "listRuns" | "newestAmong">;

/** Newest first; the cursor is the id of the last run shown, so rows that come meanwhile shift nothing. */
export async function listRuns(
  ctx: Needs,
  query: RunListQuery,
): Promise<{ items: SeenRun[]; nextCursor: string | null }> {
  if (query.job !== undefined && query.jobs?.includes(query.job) === false)
    return { items: [], nextCursor: null };
  const filter = {
    jobId: query.job ?? null,
    jobs: query.jobs,
    states: query.state ?? null,
    since: query.since === undefined ? null : Date.parse(query.since),
    until: query.until === undefined ? null : Date.parse(query.until),
    fingerprint: query.fingerprint ?? null,
    text: query.q === undefined || query.q === "" ? null : query.q,
  };
  const rows = await ctx.listRuns(filter, { before: query.cursor ?? null, limit: query.limit });
  const shown = rows.slice(0, query.limit);
  const nextCursor = rows.length > query.limit ? (shown.at(-1)?.id ?? null) : null;
  const newest = await ctx.newestAmong(shown.map(({ id }) => id));
  const see = (run: Run) => ({ ...seeRun(ctx, run), superseded: isSuperseded(run, newest.has(run.id)) });
  return { items: await inSlices(shown, see), nextCursor };
}
