import { AppError } from "@/lib/domain/errors";
import type { Attempt, SignInDelays } from "@/lib/domain/ports/accounts";
import type { Here } from "@/lib/domain/ports/host";

export type AttemptNeeds = Pick<SignInDelays, "takeAttempt" | "forgiveAttempt"> & Pick<Here, "now">;

/**
 * What `work` answers to an attempt that counts as failed until it is forgiven. One that could not be made counts for nothing.
 * @throws AppError TOO_MANY_ATTEMPTS, and what `work` throws
 */
export async function attempted<Result>(
  ctx: AttemptNeeds,
  attempts: readonly Attempt[],
  work: () => Promise<Result>,
): Promise<Result> {
  const wait = await ctx.takeAttempt(attempts, ctx.now());
  if (wait > 0) throw tooMany(wait);
  try {
    return await work();
  } catch (error) {
    await ctx.forgiveAttempt(attempts, []);
    throw error;
  }
}

function tooMany(waitMs: number): AppError {
  const message = `Too many attempts have failed. Wait ${Math.ceil(waitMs / 1_000)} s, then try again.`;
  return new AppError("TOO_MANY_ATTEMPTS", message, { retryAfterMs: Math.ceil(waitMs) });
}
