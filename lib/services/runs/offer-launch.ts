import { AppError } from "@/lib/domain/errors";
import type { RunId } from "@/lib/domain/ids";
import type { Here, LaunchOffer, Watch } from "@/lib/domain/ports/host";
import type { Runs } from "@/lib/domain/ports/runs";
import type { Run } from "@/lib/domain/run";
import { type StopNeeds, stopRun } from "@/lib/services/commands/stop-job";
import { runNotFound } from "./get-run";

type TokenNeeds = Pick<Runs, "findRun"> & Pick<Here, "sameToken">;

type Needs = TokenNeeds & Pick<Watch, "launchOffer">;

/**
 * What the terminal that asked for a run needs to launch it; `launch` is null while the run waits, and once it is launched.
 * @throws AppError RUN_NOT_FOUND, RUN_TOKEN_INVALID
 */
export async function offerLaunch(
  ctx: Needs,
  id: RunId,
  token: string | null,
): Promise<{ run: Run; launch: LaunchOffer | null }> {
  return { run: await ownRun(ctx, id, token), launch: ctx.launchOffer(id) };
}

/** The terminal does not want to launch it any more. @throws AppError RUN_NOT_FOUND, RUN_TOKEN_INVALID, NOT_RUNNING */
export async function withdrawLaunch(
  ctx: TokenNeeds & StopNeeds,
  id: RunId,
  token: string | null,
): Promise<void> {
  await stopRun(ctx, await ownRun(ctx, id, token), { reason: "its terminal no longer wants it" });
}

async function ownRun(ctx: TokenNeeds, id: RunId, token: string | null): Promise<Run> {
  const run = await ctx.findRun(id);
  if (run === null) throw runNotFound(id);
  if (token !== null && ctx.sameToken(run.token, token)) return run;
  const message = `Only the client that requested run ${id} may launch it, with its token: Authorization: Bearer <token>.`;
  throw new AppError("RUN_TOKEN_INVALID", message, { runId: id });
}
