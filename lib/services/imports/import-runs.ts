import type { JobId, RunId } from "@/lib/domain/ids";
import { aliveProblem, canBeIts, claimsToRunOn, type ImportedRow, rowProblem } from "@/lib/domain/import";
import type { Job } from "@/lib/domain/job";
import type { Run } from "@/lib/domain/run";
import type { RecoveryVerdict } from "@/lib/domain/verdict";
import type { ReadState } from "@/lib/services/runs/see-run";
import { nextTurn } from "@/lib/services/stuck/slices";
import { statesOnce } from "./states-once";
import { toImportedRun } from "./to-imported-run";

type Needs = {
  readonly actor: string;
  readonly hostname: string;
  now(): number;
  entropy(length: number): string;
  readonly readState: ReadState;
  whoIs(pid: number): { readonly command: string; readonly startedAt: number } | null;
  listJobsWithNewest(): Promise<readonly { readonly job: Job }[]>;
  findImported(source: string, externalIds: readonly string[]): Promise<ReadonlyMap<string, RunId>>;
  insertImported(
    runs: readonly Run[],
    audit: { actor: string; action: string; details: Readonly<Record<string, unknown>> },
    now: number,
  ): Promise<ReadonlySet<RunId>>;
};

/** A row as it came: one that could be read, or why not. `row` counts from 0 in the request. */
export type GivenRow =
  | { readonly row: number; readonly value: ImportedRow }
  | { readonly row: number; readonly problem: string };

export type ImportRuns = {
  readonly source: string;
  readonly dryRun: boolean;
  readonly rows: readonly GivenRow[];
};

export type ImportedItem = {
  readonly row: number;
  readonly run: RunId | null;
  readonly job: JobId;
  readonly verdict: RecoveryVerdict | null;
  readonly alive: boolean;
  readonly sentence: string;
};
export type Import = {
  readonly dryRun: boolean;
  readonly imported: number;
  readonly already: number;
  readonly refused: readonly { readonly row: number; readonly problem: string }[];
  readonly zombies: Readonly<Record<RecoveryVerdict | "alive", number>>;
  readonly items: readonly ImportedItem[];
};

type Planned = { readonly row: number; readonly run: Run; readonly sentence: string };

const SLICE_MS = 5;

/**
 * Takes over runs that another system recorded. Each row is judged by itself; what was taken over before is left as it is. Rows
 * that claim to be active become interrupted runs with a verdict, unless their process lives: then they are refused.
 */
export async function importRuns(ctx: Needs, { source, dryRun, rows }: ImportRuns): Promise<Import> {
  const now = ctx.now();
  const jobs = new Map((await ctx.listJobsWithNewest()).map(({ job }) => [job.id, job]));
  const names = rows.flatMap((given) => ("value" in given ? [given.value.externalId] : []));
  const before = await ctx.findImported(source, names);
  const book = newBook(dryRun);
  const planned = new Map<string, Planned>();
  const readState = statesOnce(ctx.readState);
  let sliceBegan = performance.now();
  for (const given of rows) {
    if ("problem" in given) book.refuse(given.row, given.problem);
    else {
      const plan = await judge(given, jobs.get(given.value.job));
      if (plan !== null) planned.set(given.value.externalId, plan);
    }
    if (performance.now() - sliceBegan < SLICE_MS) continue;
    await nextTurn();
    sliceBegan = performance.now();
  }
  const runs = [...planned.values()].map(({ run }) => run);
  const audit = { actor: ctx.actor, action: "runs.imported", details: { source, rows: runs.length } };
  const written = dryRun || runs.length === 0 ? null : await ctx.insertImported(runs, audit, now);
  for (const plan of planned.values()) book.take(plan, written);
  return book.close();

  async function judge(
    { row, value }: GivenRow & { value: ImportedRow },
    job: Job | undefined,
  ): Promise<Planned | null> {
    const known = before.get(value.externalId) ?? planned.get(value.externalId)?.run.id;
    if (known !== undefined) {
      book.already(row, value.job, before.get(value.externalId) ?? null);
      return null;
    }
    const problem = job === undefined ? unknownJob(value.job) : rowProblem(value, now);
    if (job === undefined || problem !== null) {
      book.refuse(row, problem ?? "");
      return null;
    }
    const command = livingCommand(ctx, value);
    if (command !== null) {
      book.alive(row, value.job, aliveProblem(value, command));
      return null;
    }
    const who = { source, actor: ctx.actor, host: ctx.hostname, entropy: ctx.entropy };
    return { row, ...(await toImportedRun(value, job, who, readState, now)) };
  }
}

function unknownJob(job: JobId): string {
  return `there is no job "${job}". Create it first (a job that is switched off will do), then import again.`;
}

/** The command line of the row's process if it lives on this host; null when it does not, or cannot be known. */
function livingCommand(ctx: Needs, row: ImportedRow): string | null {
  if (row.pid === null || !claimsToRunOn(row, ctx.hostname)) return null;
  const found = ctx.whoIs(row.pid);
  return found !== null && canBeIts(row, found.startedAt) ? found.command : null;
}

/** Counts while it goes. */
function newBook(dryRun: boolean) {
  const zombies = { resumable: 0, dead: 0, complete: 0, unknown: 0, alive: 0 };
  const refused: { row: number; problem: string }[] = [];
  const items: ImportedItem[] = [];
  let imported = 0;
  let already = 0;
  return {
    refuse: (row: number, problem: string) => void refused.push({ row, problem }),
    already(row: number, job: JobId, run: RunId | null) {
      already += 1;
      const sentence = "It was imported before and is left as it is.";
      items.push({ row, run, job, verdict: null, alive: false, sentence });
    },
    alive(row: number, job: JobId, problem: string) {
      zombies.alive += 1;
      refused.push({ row, problem });
      items.push({ row, run: null, job, verdict: null, alive: true, sentence: sentenceOf(problem) });
    },
    /** @param written null in a dry run */
    take({ row, run, sentence }: Planned, written: ReadonlySet<RunId> | null) {
      if (written !== null && !written.has(run.id)) {
        const problem =
          "its job was deleted, or it was imported by somebody else, at this moment. Import again.";
        refused.push({ row, problem });
        return;
      }
      imported += 1;
      if (run.verdict !== null) zombies[run.verdict] += 1;
      const id = written === null ? null : run.id;
      items.push({ row, run: id, job: run.jobId, verdict: run.verdict, alive: false, sentence });
    },
    close(): Import {
      refused.sort((a, b) => a.row - b.row);
      items.sort((a, b) => a.row - b.row);
      return { dryRun, imported, already, refused, zombies, items };
    },
  };
}

function sentenceOf(problem: string): string {
  return problem.charAt(0).toUpperCase() + problem.slice(1);
}
