import { z } from "zod";
import { argvBytes, MAX_ARGV_BYTES } from "@/lib/domain/argv-bytes";
import { JOB_ID_PATTERN, type JobId, parseJobId } from "@/lib/domain/ids";
import { JOB_KINDS, LOG_WAYS, SILENCE_ACTIONS, STUCK_ACTIONS } from "@/lib/domain/job";
import { RUN_AS_PATTERN } from "@/lib/domain/run-as";
import { MOST_SIGNAL_STEPS, SIGNAL_TARGETS, STOP_SIGNALS } from "@/lib/domain/signal-profile";
import { graceOf } from "@/lib/domain/signals";
import { shortThreshold } from "@/lib/domain/stuck";
import { Env, EnvFrom, EnvName, EnvSecret } from "./job-env";
import { Instant, pageOf } from "./page";
import { ParametersBody, ParametersView, refusePlaceholders } from "./parameters";
import { MAX_PATH, NO_NUL, noNul } from "./text";

const DAY_MS = 86_400_000;

export const JobIdParam = z.string().transform((text, ctx): JobId => {
  const id = parseJobId(text);
  if (id !== null) return id;
  ctx.addIssue({
    code: "custom",
    message: `expected a job id (${JOB_ID_PATTERN.source}, and not a name the data folder uses itself), found ${JSON.stringify(text.slice(0, 80))}`,
  });
  return z.NEVER;
});

/** The path segment `:job`. */
export const JobParams = z.object({ job: JobIdParam });

export const Argv = z
  .array(z.string().refine(noNul, NO_NUL), {
    error: "expected an array of strings: the program and its arguments, never a shell line",
  })
  .min(1, "expected at least the program to run")
  .refine((argv) => argv[0] !== "", "expected the program to run, found an empty text")
  .refine((argv) => argvBytes(argv) <= MAX_ARGV_BYTES, {
    error: `expected at most ${MAX_ARGV_BYTES} bytes in all; put long input in a file and pass its path`,
  });

export const Path = z.string().min(1).max(MAX_PATH).refine(noNul, NO_NUL);

const Milliseconds = (min: number, max: number) => z.number().int().min(min).max(max);
export const TimeoutsBody = z.object({
  startMs: Milliseconds(1_000, DAY_MS),
  silenceMs: Milliseconds(1_000, 365 * DAY_MS),
  maxDurationMs: Milliseconds(1_000, 3_650 * DAY_MS).nullable(),
  stopGraceMs: Milliseconds(0, DAY_MS),
});

export const SignalsBody = z.object({
  to: z.enum(SIGNAL_TARGETS),
  sequence: z
    .array(z.strictObject({ signal: z.enum(STOP_SIGNALS), waitMs: Milliseconds(0, DAY_MS) }))
    .min(1, "expected at least one step")
    .max(MOST_SIGNAL_STEPS)
    .refine((sequence) => graceOf({ sequence }) <= DAY_MS, "expected waits of at most a day in all"),
});

export const LimitsBody = z.object({
  /** Of the whole tree, in bytes. */
  memoryBytes: z
    .number()
    .int()
    .min(1_048_576)
    .max(2 ** 50)
    .nullable(),
  openFiles: z.number().int().min(16).max(1_048_576).nullable(),
  nice: z.number().int().min(-20).max(19).nullable(),
});

const LABEL = /^[\p{L}\p{N}][\p{L}\p{N}._:/-]{0,62}$/u;
export const Label = z.string().regex(LABEL, "expected 1 to 63 letters, digits and . _ : / -");

/** A log is read line by line, so what hides a line end within other bytes cannot be read. */
const WIDE_ENCODING = /^utf-16/;
const LogEncoding = z
  .string()
  .trim()
  .toLowerCase()
  .max(40)
  .refine((label) => encodingNamed(label) !== null, {
    error: "expected an encoding that browsers know, such as utf-8, windows-1252, shift_jis or gbk",
  })
  .refine((label) => !WIDE_ENCODING.test(encodingNamed(label) ?? ""), {
    error: "UTF-16 cannot be read line by line; let the program write UTF-8 (PYTHONIOENCODING, chcp 65001)",
  });

function encodingNamed(label: string): string | null {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return null;
  }
}

const fields = {
  title: z.string().trim().min(1).max(120).refine(noNul, NO_NUL),
  kind: z.enum(JOB_KINDS),
  argv: Argv,
  cwd: Path.refine((path) => path.startsWith("/"), "expected an absolute path (it begins with /)"),
  /** The user of the host it runs as; null: the dashboard's own, if that is not root. */
  runAs: z.string().regex(RUN_AS_PATTERN, "expected the name of a user of the host").nullable(),
  env: Env,
  envSecret: EnvSecret,
  envFrom: EnvFrom,
  parameters: ParametersBody,
  checkpoint: Path.nullable(),
  pidFile: Path.nullable(),
  timeouts: TimeoutsBody.partial().strict(),
  /** null: what is usual for its kind. */
  signals: SignalsBody.partial().strict().nullable(),
  onSilence: z.enum(SILENCE_ACTIONS),
  locks: z.array(Label).max(20),
  tags: z.array(Label).max(20),
  priority: z.number().int().min(-100).max(100),
  limits: LimitsBody.partial().strict(),
  logCapBytes: z
    .number()
    .int()
    .min(1_048_576)
    .max(2 ** 50),
  logVia: z.enum(LOG_WAYS),
  logEncoding: LogEncoding,
  /** Only those who may start the job read its log, and what its runs said last. */
  privateLog: z.boolean(),
  resumeAfterShutdown: z.boolean(),
  autoRecover: z.boolean(),
  stuckAfterMs: Milliseconds(60_000, 365 * DAY_MS),
  onStuck: z.enum(STUCK_ACTIONS),
  enabled: z.boolean(),
};

/** Said in the same request, or a short threshold is refused with the reason why. */
const allowShort = z.boolean().optional();
type Threshold = { readonly stuckAfterMs?: number | undefined; readonly allowShort?: boolean | undefined };

function refuseShort({ stuckAfterMs, allowShort }: Threshold, ctx: z.RefinementCtx): void {
  const danger = stuckAfterMs === undefined || allowShort === true ? null : shortThreshold(stuckAfterMs);
  if (danger !== null) ctx.addIssue({ code: "custom", path: ["stuckAfterMs"], message: danger });
}

/** POST /api/v1/jobs: only `id` and `argv` are required. */
export const CreateJobBody = z
  .strictObject({ ...fields, id: JobIdParam, allowShort })
  .partial()
  .required({ id: true, argv: true })
  .superRefine(refuseShort)
  .superRefine(refusePlaceholders);
export type CreateJobBody = z.infer<typeof CreateJobBody>;
/** What a client sends: the id is still plain text there. */
export type CreateJobInput = z.input<typeof CreateJobBody>;

/** PATCH /api/v1/jobs/:job: any of the fields, and the version they were read at. */
export const PatchJobBody = z
  .strictObject({
    ...z.object(fields).partial().shape,
    envRemove: z.array(EnvName).max(1_000).optional(),
    version: z.number().int().min(1),
    allowShort,
  })
  .superRefine(refuseShort);
export type PatchJobBody = z.infer<typeof PatchJobBody>;

export const JobView = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.enum(JOB_KINDS),
  argv: z.array(z.string()),
  cwd: z.string(),
  /** The user of the host it runs as; null: the dashboard's own. */
  runAs: z.string().nullable(),
  env: z.record(z.string(), z.string()),
  /** Names of those in `env` whose values the asker's role may not see; they are left out there. */
  envHidden: z.array(z.string()),
  /** Names; their values are never shown. */
  envSecret: z.array(z.string()),
  /** Names with where their values lie, `file:/path` or `env:NAME`; the values are never shown. */
  envFrom: z.record(z.string(), z.string()),
  /** What a start may be given; null: nothing. */
  parameters: ParametersView,
  checkpoint: z.string().nullable(),
  pidFile: z.string().nullable(),
  timeouts: TimeoutsBody,
  signals: SignalsBody,
  onSilence: z.enum(SILENCE_ACTIONS),
  locks: z.array(z.string()),
  tags: z.array(z.string()),
  priority: z.number().int(),
  limits: LimitsBody,
  logCapBytes: z.number().int(),
  logVia: z.enum(LOG_WAYS),
  logEncoding: z.string(),
  resumeAfterShutdown: z.boolean(),
  privateLog: z.boolean(),
  autoRecover: z.boolean(),
  stuckAfterMs: z.number().int(),
  onStuck: z.enum(STUCK_ACTIONS),
  enabled: z.boolean(),
  version: z.number().int(),
  createdAt: Instant,
  updatedAt: Instant,
});
export type JobView = z.infer<typeof JobView>;
export const JobPage = pageOf(JobView);
