import { AppError } from "@/lib/domain/errors";
import type { Sessions } from "@/lib/domain/ports/accounts";
import type { Actor, Asker } from "@/lib/domain/ports/audit";
import type { Here } from "@/lib/domain/ports/host";
import { isSessionOver, type Session, type SessionId } from "@/lib/domain/user";
import { currentSession, ownUserId } from "./open-session";

type Needs = Pick<Sessions, "listSessions" | "endSessions"> & Pick<Here, "now"> & Actor & Asker;

export type OwnSession = Session & { readonly current: boolean };

/** Those that are not over, the last used first. @throws AppError NO_ACCOUNT */
export async function listOwnSessions(
  ctx: Pick<Needs, "listSessions" | "now" | "who">,
): Promise<readonly OwnSession[]> {
  const now = ctx.now();
  const sessions = await ctx.listSessions(ownUserId(ctx));
  const current = currentSession(ctx);
  return sessions
    .filter((session) => !isSessionOver(session, now))
    .map((session) => ({ ...session, current: session.id === current }));
}

/** @throws AppError NO_ACCOUNT, SESSION_NOT_FOUND */
export async function endOwnSession(ctx: Needs, id: SessionId): Promise<void> {
  const audit = { actor: ctx.actor, action: "session.closed", details: { sessions: [id] } };
  const ended = await ctx.endSessions(ownUserId(ctx), { only: id }, audit, ctx.now());
  if (ended === 0)
    throw new AppError("SESSION_NOT_FOUND", "You have no such session. It may have ended already.");
}

/** All but the one that asks. @throws AppError NO_ACCOUNT */
export async function endOtherSessions(ctx: Needs): Promise<void> {
  const audit = { actor: ctx.actor, action: "session.others_closed" };
  await ctx.endSessions(ownUserId(ctx), { except: currentSession(ctx) }, audit, ctx.now());
}
