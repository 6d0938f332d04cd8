import { AppError } from "./errors";
import type { HoldId, JobId } from "./ids";

/** What a hold is for: everything, the jobs of a tag, or one job. */
export type HoldTarget = "all" | `tag:${string}` | `job:${string}`;

/** Nothing is started automatically while it lasts: by schedules, by recovery, after a shutdown. People start what they like. */
export type Hold = {
  readonly id: HoldId;
  readonly on: HoldTarget;
  readonly reason: string;
  /** Epoch milliseconds; null: until it is released. */
  readonly until: number | null;
  readonly actor: string;
  readonly createdAt: number;
};

export type HeldJob = { readonly id: JobId; readonly tags: readonly string[] };

/** The hold that keeps this job back now; the one that lasts longest, if there are several. null: none */
export function holdOf(holds: readonly Hold[], job: HeldJob, now: number): Hold | null {
  const its = holds.filter((hold) => isOver(hold, now) === false && isFor(hold, job));
  const end = ({ until }: Hold) => until ?? Number.POSITIVE_INFINITY;
  return its.reduce<Hold | null>(
    (last, hold) => (last === null || end(hold) > end(last) ? hold : last),
    null,
  );
}

export function isOver({ until }: Hold, now: number): boolean {
  return until !== null && until <= now;
}

export function isFor({ on }: Hold, { id, tags }: HeldJob): boolean {
  return on === "all" || on === `job:${id}` || tags.some((tag) => on === `tag:${tag}`);
}

/** In a sentence: `all jobs`, `jobs tagged shop`, or the job's id. */
export function heldWords(on: string): string {
  if (on === "all") return "all jobs";
  return on.startsWith("tag:") ? `jobs tagged ${on.slice("tag:".length)}` : on.slice("job:".length);
}

export function held(job: HeldJob, { id, on, reason, until, actor }: Hold): AppError {
  const end = until === null ? "until it is released" : `until ${new Date(until).toISOString()}`;
  const message = `Automatic starts of ${heldWords(on)} are on hold ${end}, by ${actor}: ${reason}`;
  return new AppError("HELD", message, { job: job.id, hold: id, until });
}
