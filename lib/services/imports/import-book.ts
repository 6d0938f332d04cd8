import type { JobId, RunId } from "@/lib/domain/ids";
import type { Job } from "@/lib/domain/job";
import type { Run } from "@/lib/domain/run";
import type { RecoveryVerdict } from "@/lib/domain/verdict";

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
  readonly zombies: Readonly<Record<RecoveryVerdict | "alive" | "mayBeAlive", number>>;
  readonly zoneHints: readonly { readonly offsetMinutes: number; readonly rows: number }[];
  readonly jobs: readonly { readonly id: JobId; readonly title: string }[];
  readonly items: readonly ImportedItem[];
};

export type Planned = { readonly row: number; readonly run: Run; readonly sentence: string };
export type ImportBook = ReturnType<typeof newBook>;

/** Counts while it goes. */
export function newBook(dryRun: boolean) {
  const zombies = { resumable: 0, dead: 0, complete: 0, unknown: 0, alive: 0, mayBeAlive: 0 };
  const refused: { row: number; problem: string }[] = [];
  const items: ImportedItem[] = [];
  const zones = new Map<number, number>();
  const made: Job[] = [];
  let imported = 0;
  let already = 0;
  return {
    refuse: (row: number, problem: string) => void refused.push({ row, problem }),
    already(row: number, job: JobId, run: RunId | null) {
      already += 1;
      const sentence =
        run === null
          ? "A row before it has the same id; that one counts."
          : "It was imported before and is left as it is.";
      items.push({ row, run, job, verdict: null, alive: false, sentence });
    },
    alive(row: number, job: JobId, problem: string) {
      zombies.alive += 1;
      refused.push({ row, problem });
      items.push({ row, run: null, job, verdict: null, alive: true, sentence: sentenceOf(problem) });
    },
    /** @param offsetMinutes the time zone its process speaks for */
    mayBeAlive(row: number, problem: string, offsetMinutes: number | null) {
      zombies.mayBeAlive += 1;
      refused.push({ row, problem });
      if (offsetMinutes !== null) zones.set(offsetMinutes, (zones.get(offsetMinutes) ?? 0) + 1);
    },
    made: (job: Job) => void made.push(job),
    /** @param written null in a dry run */
    take({ row, run, sentence }: Planned, written: ReadonlySet<RunId> | null) {
      if (written !== null && !written.has(run.id)) {
        const problem =
          "its job was deleted, or it was imported by another request at this moment. Import again.";
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
      const zoneHints = [...zones].map(([offsetMinutes, rows]) => ({ offsetMinutes, rows }));
      zoneHints.sort((a, b) => b.rows - a.rows);
      const jobs = made.map(({ id, title }) => ({ id, title }));
      return { dryRun, imported, already, refused, zombies, zoneHints, jobs, items };
    },
  };
}

function sentenceOf(problem: string): string {
  return problem.charAt(0).toUpperCase() + problem.slice(1);
}
