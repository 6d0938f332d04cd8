import { AppError } from "@/lib/domain/errors";
import type { RunId } from "@/lib/domain/ids";
import { isForcible, lockLabel, lockNameOf, type ReleaseOutcome } from "@/lib/domain/lock";
import type { Actor, AuditEntry, Audits } from "@/lib/domain/ports/audit";
import type { Here, Proof, Watch } from "@/lib/domain/ports/host";
import type { HeldLock, Locks, StoredLock } from "@/lib/domain/ports/locks";

export type ReleaseNeeds = Pick<Locks, "findLock" | "takeAwayLock"> &
  Pick<Watch, "proveGone" | "nudge"> &
  Audits &
  Pick<Here, "now"> &
  Actor;

export type Release = {
  readonly outcome: ReleaseOutcome;
  readonly lock: StoredLock;
  /** Who held it. */
  readonly runId: RunId | null;
};

/**
 * Frees a lock whose holder is proven gone, by writing that run's end down; or, by force, takes a shared lock from a live run.
 * @throws AppError LOCK_NOT_FOUND, LOCK_HELD
 */
export async function releaseLock(
  ctx: ReleaseNeeds,
  label: string,
  input: { readonly reason: string; readonly force?: boolean | undefined },
): Promise<Release> {
  const name = lockNameOf(label);
  const lock = await ctx.findLock(name);
  if (lock === null) throw lockNotFound(label);
  const { holder } = lock;
  if (holder === null) return { outcome: "already_free", lock, runId: null };
  const held = { ...lock, holder };
  if (holder.state === "queued") throw aboutToStart(held);
  const proof = await ctx.proveGone(holder.id);
  if (proof.found === "elsewhere") throw runElsewhere(held, proof.workerId);
  const outcome =
    proof.found === "gone"
      ? await holderGone(ctx, held, proof, input.reason)
      : await takeAway(ctx, held, proof.found === "alive" ? proof.pids : [], input);
  ctx.nudge();
  return { outcome, lock: (await ctx.findLock(name)) ?? lock, runId: holder.id };
}

async function holderGone(
  ctx: ReleaseNeeds,
  lock: HeldLock,
  proof: Proof & { found: "gone" },
  reason: string,
): Promise<ReleaseOutcome> {
  if (!proof.ended) throw endNotWritten(lock);
  await ctx.recordAudit(auditOf(ctx, "lock.released", lock, [], reason));
  return "holder_gone";
}

async function takeAway(
  ctx: ReleaseNeeds,
  lock: HeldLock,
  pids: readonly number[],
  input: { readonly reason: string; readonly force?: boolean | undefined },
): Promise<ReleaseOutcome> {
  if (!isForcible(lock.name)) throw ownLockOfLiveRun(lock, pids);
  if (!input.force) throw holderAlive(lock, pids);
  const event = { lock: lockLabel(lock.name), fence: lock.fence, by: ctx.actor, reason: input.reason };
  const audit = auditOf(ctx, "lock.taken_away", lock, pids, input.reason);
  if (!(await ctx.takeAwayLock(lock, event, audit, ctx.now()))) return "already_free";
  return "taken_away";
}

function auditOf(
  ctx: ReleaseNeeds,
  action: string,
  { name, fence, holder }: HeldLock,
  pids: readonly number[],
  reason: string,
): AuditEntry {
  const details = { lock: lockLabel(name), fence, pids };
  return { actor: ctx.actor, action, jobId: holder.jobId, runId: holder.id, reason, details };
}

function lockNotFound(label: string): AppError {
  const message = `There is no lock "${label}": no run has ever held it. GET /api/v1/locks lists those that are held.`;
  return new AppError("LOCK_NOT_FOUND", message, { lock: label });
}

function refused(lock: HeldLock, pids: readonly number[], rest: string): AppError {
  const label = lockLabel(lock.name);
  const { id, jobId, state } = lock.holder;
  return new AppError("LOCK_HELD", `Lock "${label}" is held by ${id} of job "${jobId}", ${rest}`, {
    lock: label,
    runId: id,
    job: jobId,
    state,
    pids,
    forcible: isForcible(lock.name) && state !== "queued",
  });
}

function aboutToStart(lock: HeldLock): AppError {
  return refused(lock, [], "which is about to start. Stop that run; its locks go with it.");
}

function endNotWritten(lock: HeldLock): AppError {
  return refused(lock, [], "of which nothing is left; its end is being recorded. Try again in a moment.");
}

function runElsewhere(lock: HeldLock, workerId: string | null): AppError {
  const rest = `which worker ${workerId ?? "(unknown)"} runs. Only that worker knows whether it is alive, so nothing was changed. Release the lock there, or stop that run.`;
  return refused(lock, [], rest);
}

function alive(pids: readonly number[]): string {
  if (pids.length === 0) return "which is being launched";
  const more = pids.length > 5 ? ` and ${pids.length - 5} more` : "";
  return `which is alive (pid ${pids.slice(0, 5).join(", ")}${more})`;
}

function holderAlive(lock: HeldLock, pids: readonly number[]): AppError {
  return refused(
    lock,
    pids,
    `${alive(pids)}. Stop that run, or repeat with force: then the run continues without the lock, and another may use the same resource at the same time.`,
  );
}

function ownLockOfLiveRun(lock: HeldLock, pids: readonly number[]): AppError {
  return refused(
    lock,
    pids,
    `${alive(pids)}. A job's own lock keeps it from running twice, so it is never taken from a live run, not even by force. Stop the run, or reset the job.`,
  );
}
