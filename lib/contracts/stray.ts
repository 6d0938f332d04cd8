import { z } from "zod";
import { RUN_STATES } from "@/lib/domain/run";
import { STRAY_REMEDIES } from "@/lib/domain/stray";
import { Instant } from "./page";

/** A process that carries the marker of a run of this data folder which does not (or no more) own it. */
export const StrayView = z.object({
  /** `<pid>-<startTicks>` */
  id: z.string(),
  pid: z.number().int(),
  command: z.string(),
  startedAt: Instant,
  job: z.string().nullable(),
  run: z.string().nullable(),
  runState: z.enum(RUN_STATES).nullable(),
  processes: z.number().int(),
  sentence: z.string(),
  can: z.array(z.enum(STRAY_REMEDIES)),
  /** Its end was asked for and is under way. */
  stopping: z.boolean().optional(),
});
export type StrayView = z.infer<typeof StrayView>;

export const StalePidFileView = z.object({
  job: z.string(),
  path: z.string(),
  pid: z.number().int().nullable(),
  why: z.string(),
});

export type StalePidFileView = z.infer<typeof StalePidFileView>;

export const StraysAnswer = z.object({
  at: Instant,
  items: z.array(StrayView),
  pidFiles: z.array(StalePidFileView),
});
export type StraysAnswer = z.infer<typeof StraysAnswer>;

export const STRAY_ID_PATTERN = /^[1-9]\d{0,9}-\d{1,18}$/;
export const StrayParams = z.object({
  stray: z.string().regex(STRAY_ID_PATTERN, "expected a stray's id: its pid, a hyphen and its start ticks"),
});
const Reason = z.string().trim().max(500);
export const AdoptBody = z.strictObject({ reason: Reason.optional() });
export const StopStrayBody = z.strictObject({ force: z.boolean().optional(), reason: Reason.optional() });
export const RemovePidFilesBody = z.strictObject({
  paths: z.array(z.string().min(1).max(4_096)).min(1).max(1_000),
  reason: Reason.optional(),
});

export const StopStrayAnswer = z.object({ stray: StrayView });

/** `kept`: what was not removed, and why. */
export const RemovePidFilesAnswer = z.object({
  removed: z.array(z.string()),
  kept: z.array(z.object({ path: z.string(), why: z.string() })),
});
