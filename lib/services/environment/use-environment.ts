import type { EnvironmentPolicy, EnvironmentUse } from "@/lib/domain/environment";
import { AppError } from "@/lib/domain/errors";
import type { Actor } from "@/lib/domain/ports/audit";
import type { Environments } from "@/lib/domain/ports/environment";
import type { Here } from "@/lib/domain/ports/host";

type Needs = Environments & Pick<Here, "now"> & Actor;

/**
 * From the next start on; runs that are active keep what they were given. The list is kept, so there is a way back.
 * @throws AppError NO_RECORDED_ENVIRONMENT
 */
export async function useEnvironment(
  ctx: Needs,
  { use, reason }: { readonly use: EnvironmentUse; readonly reason?: string | undefined },
): Promise<EnvironmentPolicy> {
  const { names } = await ctx.environmentPolicy();
  const audit = {
    actor: ctx.actor,
    action: "environment.changed",
    reason: reason ?? null,
    details: { use, names },
  };
  const policy = await ctx.useEnvironment(use, audit, ctx.now());
  if (policy !== null) return policy;
  throw new AppError(
    "NO_RECORDED_ENVIRONMENT",
    "This data folder has no recorded list of names: its runs always had the short environment. Name what they need in UNSTUCK_INHERIT, or set it in a job's env.",
  );
}
