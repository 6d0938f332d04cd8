import { z } from "zod";
import { HEALTHS } from "@/lib/domain/health";
import { parseRunId, RUN_ID_PATTERN, type RunId } from "@/lib/domain/ids";
import { ARGS_COMPARED } from "@/lib/domain/job";
import { MAX_FINGERPRINT } from "@/lib/domain/last-words";
import { RUN_CAUSES, RUN_STATES, RUN_TRIGGERS } from "@/lib/domain/run";
import { RECOVERY_VERDICTS } from "@/lib/domain/verdict";
import { JobIdParam, SignalsBody } from "./job";
import { Instant, PageQuery, pageOf } from "./page";
import { ValuesView } from "./parameters";

export const RunIdParam = z.string().transform((text, ctx): RunId => {
  const id = parseRunId(text);
  if (id !== null) return id;
  ctx.addIssue({
    code: "custom",
    message: `expected a run id (${RUN_ID_PATTERN.source}), found ${JSON.stringify(text.slice(0, 80))}`,
  });
  return z.NEVER;
});

/** The path segment `:run`. */
export const RunParams = z.object({ run: RunIdParam });

export const FactView = z.object({ fact: z.string(), value: z.string(), at: Instant.nullable() });

export const ProgressView = z.object({
  extracted: z.number().nullable(),
  skipped: z.number().nullable(),
  total: z.number().nullable(),
  message: z.string().nullable(),
});

export const RunView = z.object({
  id: z.string(),
  job: z.string(),
  state: z.enum(RUN_STATES),
  cause: z.enum(RUN_CAUSES).nullable(),
  reason: z.string().nullable(),
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable(),
  pid: z.number().int().nullable(),
  trigger: z.enum(RUN_TRIGGERS),
  actor: z.string(),
  parentRunId: z.string().nullable(),
  lineageId: z.string(),
  argv: z.array(z.string()),
  /** What it was given after the job's own `argv`, which stands at the end of this `argv`; null: not known. */
  args: z.array(z.string()).nullable(),
  /** How they compare with those of the run it goes on from, else of the job's run before; null: there was none. */
  argsBefore: z.object({ run: z.string(), how: z.enum(ARGS_COMPARED) }).nullable(),
  /** What it was given of what its job declares, defaults included; of a secret `true`. null: not known. */
  parameters: ValuesView.nullable(),
  parametersSecret: z.array(z.string()),
  /** As `argsBefore`, with the names of those that differ. */
  parametersBefore: z
    .object({ run: z.string(), how: z.enum(ARGS_COMPARED), changed: z.array(z.string()) })
    .nullable(),
  cwd: z.string(),
  /** The user of the host it runs, or ran, as; null: the dashboard's own. */
  runAs: z.string().nullable(),
  /** The folder it was launched in, with all links in `cwd` followed; null: not launched, or not recorded then. */
  realCwd: z.string().nullable(),
  /** How it is asked to end; its stop grace is the sum of the waits. */
  signals: SignalsBody,
  queuedAt: Instant,
  startedAt: Instant.nullable(),
  stopRequestedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  lastLifeAt: Instant.nullable(),
  /** Of a final run from start to end; of a live one until the answer was made; null before the start. */
  durationMs: z.number().int().nullable(),
  logBytes: z.number().int(),
  logDroppedBytes: z.number().int(),
  progress: ProgressView.nullable(),
  checkpoint: z.object({ path: z.string() }).nullable(),
  health: z.enum(HEALTHS).nullable(),
  /** null: not read, or it is alive and has left nothing to resume from yet. */
  verdict: z.enum(RECOVERY_VERDICTS).nullable(),
  /** What a resume would start from: `checkpoint state.json, page 131`; null: nothing, or not read. */
  resumeFrom: z.string().nullable(),
  /** The folder in which alone it can be resumed (`folder: "old"`), since its checkpoint is nowhere else; null: the one a new run works in, or not read. */
  oldFolder: z.string().nullable(),
  /** It did not complete, and a newer run of its job stands before it: nothing is left to decide about it. */
  superseded: z.boolean(),
  /** The last line of its log that looks like an error: at most 300 characters, secrets hidden. null: completed, or nothing looks like one. */
  lastWords: z.string().nullable(),
  /** The job's log is private, and the asker may only look: the log, `lastWords` and `fingerprint` are left out. */
  logHidden: z.boolean(),
  /** The shape of the last words, the same for equal failures: `ValueError: no price in <url>`. */
  fingerprint: z.string().nullable(),
  evidence: z.array(FactView),
  waitingFor: z.string().nullable(),
  priority: z.number().int(),
  cpuMs: z.number().nullable(),
  peakMemoryBytes: z.number().nullable(),
  /** It did not end well, and what becomes of its work is not decided yet. */
  unsettled: z.boolean(),
  /** What the verdict means, in words; null where the checkpoint was not read for this answer. */
  verdictSentence: z.string().nullable(),
  /** The record of another system that this run was taken from. */
  imported: z.object({ source: z.string(), externalId: z.string() }).nullable(),
  version: z.number().int(),
});
export type RunView = z.infer<typeof RunView>;
export const RunPage = pageOf(RunView);
export const RunAnswer = z.object({ run: RunView });

export const ListRunsQuery = PageQuery.extend({
  job: JobIdParam.optional(),
  /** One state, or several separated by commas. */
  state: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(z.enum(RUN_STATES)).max(RUN_STATES.length))
    .optional(),
  since: Instant.optional(),
  until: Instant.optional(),
  /** Part of a job's id or title, or what a run's id begins with. */
  q: z.string().max(100).optional(),
  /** Runs whose last words have this very shape. */
  fingerprint: z.string().min(1).max(MAX_FINGERPRINT).optional(),
});

/** GET …/usage: oldest first. */
export const UsageView = z.object({
  /** How its memory is limited, as the launcher was told; null while it has not begun, or when the job asks for no limit. */
  memoryLimit: z
    .object({ bytes: z.number(), by: z.enum(["cgroup", "rlimit"]), why: z.string().nullable() })
    .nullable(),
  points: z.array(
    z.object({
      at: Instant,
      /** Of one core, since the point before. */
      cpuPercent: z.number(),
      /** Of the whole tree; of a point of the past, the most since the one before. */
      memoryBytes: z.number(),
      processes: z.number().int(),
    }),
  ),
});
export type UsageView = z.infer<typeof UsageView>;

export const RunEventView = z.object({
  id: z.number().int(),
  at: Instant,
  type: z.string(),
  data: z.record(z.string(), z.unknown()),
});
export type RunEventView = z.infer<typeof RunEventView>;
export const RunEventPage = pageOf(RunEventView);

/** GET …/log: at most one of `tail` (lines from the end) and `after` (byte offset). */
export const MAX_TAIL_LINES = 100_000;
export const LogQuery = z
  .object({
    tail: z.coerce.number().int().min(1).max(MAX_TAIL_LINES).optional(),
    after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
    download: z.literal("1").optional(),
  })
  .refine(
    (query) => query.tail === undefined || query.after === undefined,
    "expected tail or after, found both",
  );
