import type { Sessions } from "@/lib/domain/ports/accounts";
import type { Actor, Asker } from "@/lib/domain/ports/audit";
import type { Here } from "@/lib/domain/ports/host";
import { currentSession, ownUserId } from "./open-session";

/** Does nothing for who is not signed in by a session. */
export async function signOut(
  ctx: Pick<Sessions, "endSessions"> & Pick<Here, "now"> & Actor & Asker,
): Promise<void> {
  const only = currentSession(ctx);
  if (only === null) return;
  const audit = { actor: ctx.actor, action: "session.closed", details: { sessions: [only] } };
  await ctx.endSessions(ownUserId(ctx), { only }, audit, ctx.now());
}
