import { z } from "zod";
import { LOCK_KINDS, RELEASE_OUTCOMES } from "@/lib/domain/lock";
import { RUN_STATES } from "@/lib/domain/run";
import { Instant, PageQuery, pageOf } from "./page";

/** The path segment `:name`: `shop` for a shared lock, `job:nightly` for a job's own. */
export const LockParams = z.object({ name: z.string().min(1).max(80) });

export const ListLocksQuery = PageQuery.extend({ kind: z.enum(LOCK_KINDS).optional() });

export const WaitingRunView = z.object({
  run: z.string(),
  job: z.string(),
  priority: z.number().int(),
  queuedAt: Instant,
  waitingFor: z.string().nullable(),
});
export type WaitingRunView = z.infer<typeof WaitingRunView>;

/** So many of a line are listed; `waitingCount` counts all. */
export const MAX_WAITING_SHOWN = 50;

export const LockView = z.object({
  name: z.string(),
  kind: z.enum(LOCK_KINDS),
  /** Grows by one with each taking, and when it is taken away by force. */
  fence: z.number().int(),
  acquiredAt: Instant.nullable(),
  holder: z
    .object({ run: z.string(), job: z.string(), state: z.enum(RUN_STATES), pid: z.number().int().nullable() })
    .nullable(),
  /** The next one first. */
  waiting: z.array(WaitingRunView),
  waitingCount: z.number().int(),
});
export type LockView = z.infer<typeof LockView>;
export const LockPage = pageOf(LockView);

export const ReleaseBody = z.strictObject({
  reason: z.string().trim().min(1, "expected why the lock is released").max(500),
  /** Takes a shared lock from a run that is alive: that run continues without it, beside the next holder. */
  force: z.boolean().optional(),
});
export type ReleaseBody = z.infer<typeof ReleaseBody>;

/** `run`: who held it. */
export const ReleaseAnswer = z.object({
  outcome: z.enum(RELEASE_OUTCOMES),
  run: z.string().nullable(),
  lock: LockView.pick({ name: true, kind: true, fence: true }),
});
