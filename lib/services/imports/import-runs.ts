import type { JobId, RunId } from "@/lib/domain/ids";
import { type ImportedRow, rowProblem } from "@/lib/domain/import";
import { judgeProcess } from "@/lib/domain/import-process";
import type { Job } from "@/lib/domain/job";
import { PLACEHOLDER_ARGV } from "@/lib/domain/placeholder";
import type { Actor } from "@/lib/domain/ports/audit";
import type { Here, Machine } from "@/lib/domain/ports/host";
import type { Jobs } from "@/lib/domain/ports/jobs";
import type { Imports, TakenOver } from "@/lib/domain/ports/outside";
import type { NewIds } from "@/lib/domain/ports/runs";
import { isActive } from "@/lib/domain/run";
import { newJob } from "@/lib/services/commands/new-job";
import { newSlice } from "@/lib/turns";
import { type Import, type ImportBook, newBook, type Planned } from "./import-book";
import { statesOnce } from "./states-once";
import { toImportedRun } from "./to-imported-run";

export type ImportNeeds = Pick<Here, "now" | "hostname" | "defaultCwd" | "runAs"> &
  Pick<NewIds, "entropy"> &
  Pick<Machine, "readState" | "whoIs"> &
  Pick<Jobs, "listJobsWithNewest" | "insertJob"> &
  Imports &
  Actor;

/** A row as it came: one that could be read, or why not. `row` counts from 0 in the request. */
export type GivenRow =
  | { readonly row: number; readonly value: ImportedRow }
  | { readonly row: number; readonly problem: string };

export type ImportRuns = {
  readonly source: string;
  readonly dryRun: boolean;
  readonly rows: readonly GivenRow[];
  /** Make a switched-off job where a row's job is not there. */
  readonly createJobs?: boolean | undefined;
  readonly assumeOver?: boolean | undefined;
  readonly zoneIsSure?: boolean | undefined;
};

/**
 * Takes over runs that another system recorded. Each row is judged by itself; what was taken over before is left as it is. Rows
 * that claim to be active become interrupted runs with a verdict; one whose process may be alive is refused.
 */
export async function importRuns(ctx: ImportNeeds, input: ImportRuns): Promise<Import> {
  const { source, dryRun, rows } = input;
  const now = ctx.now();
  const book = newBook(dryRun);
  const values = rows.flatMap((given) => ("value" in given ? [given.value] : []));
  const names = values.map(({ externalId }) => externalId);
  const otherNames = values.flatMap(({ otherId }) => otherId ?? []);
  const given: Given = {
    input,
    now,
    book,
    jobs: new Map((await ctx.listJobsWithNewest()).map(({ job }) => [job.id, job])),
    made: new Map(),
    before: await ctx.findImported(source, [...names, ...otherNames]),
    planned: new Map(),
    repeated: givenTwice(names),
    readState: statesOnce(ctx.readState),
  };
  const slice = newSlice();
  for (const row of rows) {
    if ("problem" in row) book.refuse(row.row, row.problem);
    else await plan(ctx, given, row);
    if (slice.isOver()) await slice.next();
  }
  if (!dryRun) await makeJobs(ctx, [...given.made.values()]);
  for (const job of given.made.values()) book.made(job);
  const runs = [...given.planned.values()].map(({ run }) => run);
  const audit = { actor: ctx.actor, action: "runs.imported", details: { source, rows: runs.length } };
  const written = dryRun || runs.length === 0 ? null : await ctx.insertImported(runs, audit, now);
  for (const each of given.planned.values()) book.take(each, written);
  return book.close();
}

type Given = {
  readonly input: ImportRuns;
  readonly now: number;
  readonly book: ImportBook;
  readonly jobs: ReadonlyMap<JobId, Job>;
  /** The jobs that are to be made, and the runs that are to be written, so far. */
  readonly made: Map<JobId, Job>;
  readonly planned: Map<string, Planned>;
  /** Ids that several rows have. */
  readonly repeated: ReadonlySet<string>;
  readonly before: ReadonlyMap<string, TakenOver>;
  readonly readState: Machine["readState"];
};

async function plan(ctx: ImportNeeds, given: Given, { row, value }: GivenRow & { value: ImportedRow }) {
  const { input, now, book, before, planned } = given;
  const known = takenBefore(before, value);
  if (known !== null) return book.already(row, value.job, known);
  if (isActive(value.state) && given.repeated.has(value.externalId)) return book.refuse(row, REPEATED);
  if (planned.has(value.externalId)) return book.already(row, value.job, null);
  const job = jobFor(ctx, given, value);
  const problem = job === null ? unknownJob(value.job) : rowProblem(value, now);
  if (job === null || problem !== null) return book.refuse(row, problem ?? "");
  if (isActive(value.state)) {
    const found = value.pid === null ? null : ctx.whoIs(value.pid);
    const where = { host: ctx.hostname, now, quietMs: job.stuckAfterMs };
    const { assumeOver = false, zoneIsSure = false } = input;
    const verdict = judgeProcess(value, found, where, { assumeOver, zoneIsSure });
    if (verdict.is === "alive") return book.alive(row, value.job, verdict.problem);
    if (verdict.is === "unsure") return book.mayBeAlive(row, verdict.problem, verdict.offsetMinutes);
  }
  const who = { source: input.source, actor: ctx.actor, host: ctx.hostname, entropy: ctx.entropy };
  planned.set(value.externalId, { row, ...(await toImportedRun(value, job, who, given.readState, now)) });
  if (!given.jobs.has(job.id)) given.made.set(job.id, job);
}

/** As in a table with a row for each change of a state: none of them tells by itself whether the run is over. */
const REPEATED =
  "it is not over, and another row has its externalId and may contradict it. Send one row for each run, the last one.";

/** By its id, or, in the same job, by the one that an earlier import gave it. */
function takenBefore(before: Given["before"], { externalId, otherId, job }: ImportedRow): RunId | null {
  const other = otherId === null ? undefined : before.get(otherId);
  return before.get(externalId)?.run ?? (other?.job === job ? other.run : null);
}

function givenTwice(ids: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  return new Set(ids.filter((id) => seen.has(id) || !seen.add(id)));
}

/** The row's job, or the one that is to be made for it; null where neither is. */
function jobFor(
  ctx: ImportNeeds,
  { input, now, jobs, made }: Given,
  { job, jobTitle }: ImportedRow,
): Job | null {
  const known = jobs.get(job) ?? made.get(job);
  if (known !== undefined) return known;
  if (input.createJobs !== true) return null;
  const named = { title: jobTitle ?? job, tags: ["imported"], runAs: ctx.runAs.usual };
  const settings = { ...named, enabled: false, env: {}, envSecret: [] };
  return newJob(job, PLACEHOLDER_ARGV, settings, ctx.defaultCwd, now);
}

/** One that another import made at this moment is taken as it is. */
async function makeJobs(ctx: ImportNeeds, jobs: readonly Job[]): Promise<void> {
  for (const job of jobs)
    await ctx.insertJob(job, {}, { actor: ctx.actor, action: "job.created", jobId: job.id });
}

function unknownJob(job: JobId): string {
  return `there is no job "${job}". Create it first (a job that is switched off will do), or let the import do it (--create-jobs, createJobs in the API).`;
}
