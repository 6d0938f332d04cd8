import { z } from "zod";
import { HEALTHS } from "@/lib/domain/health";
import { JOB_STATES } from "@/lib/domain/status";
import { Instant } from "./page";
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
  enabled: z.boolean(),
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

/** `at`: when the answer was made, so that a client can show how old what it shows is. */
export const StatusAnswer = z.object({ at: Instant, items: z.array(StatusView) });

const STATUS_FIELDS = StatusView.keyof();
export type StatusField = z.infer<typeof STATUS_FIELDS>;

/** `?fields=job,state`: items with only these; all without it. */
export const StatusQuery = z.object({
  fields: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(STATUS_FIELDS))
    .optional(),
});
