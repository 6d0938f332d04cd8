import { z } from "zod";
import { HEALTHS } from "@/lib/domain/health";
import { JOB_KINDS } from "@/lib/domain/job";
import { JOB_STATES } from "@/lib/domain/status";
import { Instant, MAX_PAGE_SIZE } from "./page";
import { RunView } from "./run";

/** A process behind the job's pid file that no run here has started. */
export const ForeignView = z.object({
  pid: z.number().int(),
  command: z.string(),
  startedAt: Instant,
  /** False: the clock was set, and whether this process wrote the file cannot be told. It is neither believed nor signalled. */
  certain: z.boolean(),
  /** It was told to stop and is being ended. */
  stopping: z.boolean(),
});
export type ForeignView = z.infer<typeof ForeignView>;

export const StatusView = z.object({
  job: z.string(),
  title: z.string(),
  kind: z.enum(JOB_KINDS),
  tags: z.array(z.string()),
  enabled: z.boolean(),
  /** Whether its job declares parameters, which a start may be given. */
  takesParameters: z.boolean(),
  running: z.boolean(),
  state: z.enum(JOB_STATES),
  lastHeartbeat: Instant.nullable(),
  pid: z.number().int().nullable(),
  managedProcess: z.boolean(),
  pidFileDetected: z.boolean(),
  foreign: ForeignView.nullable(),
  health: z.enum(HEALTHS).nullable(),
  run: RunView.nullable(),
});
export type StatusView = z.infer<typeof StatusView>;

const Count = z.number().int();
/** Each active run, each one that waits for a decision, and each that failed within a day counts in one. */
const LiveCountsView = z.object({
  healthy: Count,
  waiting: Count,
  late: Count,
  silent: Count,
  stuck: Count,
  resumable: Count,
  dead: Count,
  failed: Count,
});

/** Of all jobs, however few of them are listed. */
const StatusSummary = z.object({
  jobs: Count,
  /** With an active run. */
  active: Count,
  /** That need an operator. */
  attention: Count,
  counts: LiveCountsView,
});

/** `at`: when the answer was made, so that a client can show how old what it shows is. */
export const StatusAnswer = z.object({ at: Instant, items: z.array(StatusView) });

/** With `limit`. `total`: how many jobs match; `nextCursor`: null in the order of attention, which has no next page. */
export const StatusPage = StatusAnswer.extend({
  total: Count,
  nextCursor: z.string().nullable(),
  summary: StatusSummary,
});
export type StatusPage = z.infer<typeof StatusPage>;

const STATUS_FIELDS = StatusView.keyof();
export type StatusField = z.infer<typeof STATUS_FIELDS>;

/** By id; or what needs an operator (at most half of the page), then what is active, then the rest, each the newest first. */
export const STATUS_ORDERS = ["id", "attention"] as const;

/** `?fields=job,state`: items with only these; all without it. Without `limit` every job is listed. */
export const StatusQuery = z
  .object({
    fields: z
      .string()
      .transform((text) => text.split(","))
      .pipe(z.array(STATUS_FIELDS))
      .optional(),
    limit: z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).optional(),
    order: z.enum(STATUS_ORDERS).optional(),
    /** Words that all occur in a job's id, title, kind or tags. */
    q: z.string().max(100).optional(),
    cursor: z.string().min(1).max(200).optional(),
  })
  .refine(
    ({ limit, order, q, cursor }) => limit !== undefined || (order ?? q ?? cursor) === undefined,
    "expected a limit beside order, q or cursor",
  );
export type StatusQuery = z.output<typeof StatusQuery>;
