import { z } from "zod";
import { WORKER_LIMIT } from "@/lib/domain/queue";
import { Label } from "./job";
import { WaitingRunView } from "./lock";

const TAG = "tag:";

/** `worker`: all runs on this host. `tag:<tag>`: all runs with that tag. */
const LimitName = z.string().superRefine((name, ctx) => {
  if (name === WORKER_LIMIT) return;
  if (name.startsWith(TAG) && Label.safeParse(name.slice(TAG.length)).success) return;
  const message = name.startsWith("job:")
    ? "a job's limit is always one run, kept by the job's own lock; make another job, or use tag:<tag> to limit several together"
    : `expected worker, or tag:<tag>, found ${JSON.stringify(name.slice(0, 80))}`;
  ctx.addIssue({ code: "custom", message });
});

/** The path segment `:name`. */
export const LimitParams = z.object({ name: LimitName });

export const MAX_RUNS = 10_000;
export const LimitBody = z.strictObject({ maxRuns: z.number().int().min(1).max(MAX_RUNS) });

export const LimitAnswer = z.object({ name: z.string(), maxRuns: z.number().int() });

export const LimitView = LimitAnswer.extend({
  /** Runs it counts now: starting, running or stopping. May be above a limit that was lowered. */
  active: z.number().int(),
  /** Those that wait for their turn and count here, the next one first. */
  waiting: z.array(WaitingRunView),
  waitingCount: z.number().int(),
});
export type LimitView = z.infer<typeof LimitView>;
export const LimitList = z.object({ items: z.array(LimitView) });
