import { z } from "zod";
import { RUN_STATES } from "@/lib/domain/run";
import { RECOVERY_VERDICTS } from "@/lib/domain/verdict";
import { JobIdParam } from "./job";
import { Instant } from "./page";

export const MAX_IMPORT_ROWS = 1_000;
/** A thousand rows with every text at its longest. */
export const MAX_IMPORT_BYTES = 16 * 1024 * 1024;

/** What a reason keeps of another system's error text, in UTF-16 units. */
export const MAX_ERROR_LENGTH = 2_000;
const MAX_EXIT_CODE = 2 ** 32;
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).nullable().optional();
const text = (max: number) => z.string().max(max).nullable().optional();

/** One run as another system recorded it. */
export const ImportRow = z.strictObject({
  job: JobIdParam,
  /** What the other system calls it; a row is taken over once. */
  externalId: z.string().min(1).max(200),
  /** What an earlier import may have called it: a run of this job that was taken over by that id is this one. */
  otherId: z.string().min(1).max(200).nullable().optional(),
  state: z.enum(RUN_STATES),
  startedAt: Instant.nullable().optional(),
  /** `startedAt` is when the run was made or queued, or the day alone: its process may have been started later. */
  startIsEarliest: z.boolean().nullable().optional(),
  endedAt: Instant.nullable().optional(),
  lastActivityAt: Instant.nullable().optional(),
  pid: z.number().int().min(1).max(4_194_304).nullable().optional(),
  host: text(255),
  /** There are several hosts, and the row does not say which: a pid that is not found here proves nothing. */
  hostIsUnsure: z.boolean().nullable().optional(),
  extracted: count,
  skipped: count,
  total: count,
  checkpoint: text(4_096),
  /** As the other system has it: Python's are negative for a signal, and Windows has codes above 255. */
  exitCode: z.number().int().min(-MAX_EXIT_CODE).max(MAX_EXIT_CODE).nullable().optional(),
  /** Cut in its middle where it is longer than a reason can be. */
  error: z.string().nullable().optional(),
  /** The job's name as the other system writes it, for a job that is made (`createJobs`). */
  jobTitle: text(120),
});
export type ImportRow = z.input<typeof ImportRow>;

/** POST /api/v1/imports. The rows are checked one by one, so that one bad row does not hide the others. */
export const ImportBody = z.strictObject({
  /** The other system's name: `(source, externalId)` is taken over once. */
  source: z.string().trim().min(1).max(63),
  dryRun: z.boolean(),
  /** Make a switched-off job for every row whose job is not there. */
  createJobs: z.boolean().optional(),
  /** A person says that what cannot be looked at is over: rows without a process, and those of another host. */
  assumeOver: z.boolean().optional(),
  /** A person has named the time zone: a process that was started hours after its row is another one. */
  zoneIsSure: z.boolean().optional(),
  rows: z.array(z.unknown()).min(1).max(MAX_IMPORT_ROWS),
});
export type ImportBody = z.infer<typeof ImportBody>;

export const ImportAnswer = z.object({
  dryRun: z.boolean(),
  imported: z.number().int(),
  already: z.number().int(),
  refused: z.array(z.object({ row: z.number().int(), problem: z.string() })),
  /** What became of rows that claimed to be active. */
  zombies: z.object({
    resumable: z.number().int(),
    dead: z.number().int(),
    complete: z.number().int(),
    unknown: z.number().int(),
    alive: z.number().int(),
    /** Refused, because nothing proves that its process is over. */
    mayBeAlive: z.number().int(),
  }),
  /** Time zones that a living process speaks for, in minutes east of UTC, with how many rows. */
  zoneHints: z.array(z.object({ offsetMinutes: z.number().int(), rows: z.number().int() })),
  /** The jobs that were made, or would be. */
  jobs: z.array(z.object({ id: z.string(), title: z.string() })),
  items: z.array(
    z.object({
      row: z.number().int(),
      run: z.string().nullable(),
      job: z.string(),
      verdict: z.enum(RECOVERY_VERDICTS).nullable(),
      alive: z.boolean(),
      sentence: z.string(),
    }),
  ),
});
export type ImportAnswer = z.infer<typeof ImportAnswer>;
