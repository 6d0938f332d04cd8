import { z } from "zod";
import { RUN_STATES } from "@/lib/domain/run";
import { RECOVERY_VERDICTS } from "@/lib/domain/verdict";
import { JobIdParam } from "./job";
import { Instant } from "./page";

export const MAX_IMPORT_ROWS = 1_000;
/** A thousand rows with every text at its longest. */
export const MAX_IMPORT_BYTES = 16 * 1024 * 1024;

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).nullable().optional();
const text = (max: number) => z.string().max(max).nullable().optional();

/** One run as another system recorded it. */
export const ImportRow = z.strictObject({
  job: JobIdParam,
  /** What the other system calls it; a row is taken over once. */
  externalId: z.string().min(1).max(200),
  state: z.enum(RUN_STATES),
  startedAt: Instant.nullable().optional(),
  endedAt: Instant.nullable().optional(),
  lastActivityAt: Instant.nullable().optional(),
  pid: z.number().int().min(1).max(4_194_304).nullable().optional(),
  host: text(255),
  extracted: count,
  skipped: count,
  total: count,
  checkpoint: text(4_096),
  exitCode: z.number().int().min(0).max(255).nullable().optional(),
  error: text(2_000),
});
export type ImportRow = z.input<typeof ImportRow>;

/** POST /api/v1/imports. The rows are checked one by one, so that one bad row does not hide the others. */
export const ImportBody = z.strictObject({
  /** The other system's name: `(source, externalId)` is taken over once. */
  source: z.string().trim().min(1).max(63),
  dryRun: z.boolean(),
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
  }),
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
