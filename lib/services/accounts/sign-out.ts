import type { AuthHost, Sessions } from "@/lib/domain/ports/accounts";
import type { Actor, Asker } from "@/lib/domain/ports/audit";
import type { Here } from "@/lib/domain/ports/host";
import type { ProviderHost, SignOutThere } from "@/lib/domain/ports/identities";
import { aboutSignOut } from "@/lib/domain/sealing";
import type { SessionId } from "@/lib/domain/user";
import { currentSession, ownUserId } from "./open-session";

type Needs = Pick<Sessions, "endSessions" | "findSignOutHint"> &
  Pick<AuthHost, "unseal"> &
  ProviderHost &
  Pick<Here, "now"> &
  Actor &
  Asker;

/**
 * Ends the session here first, whatever the provider says to it afterwards. Does nothing for who is not signed in by a session.
 * @returns how it goes on at the provider; null: it has nothing to do with one
 */
export async function signOut(ctx: Needs): Promise<SignOutThere | null> {
  const only = currentSession(ctx);
  if (only === null) return null;
  const sealed = await ctx.findSignOutHint(only);
  const audit = { actor: ctx.actor, action: "session.closed", details: { sessions: [only] } };
  await ctx.endSessions(ownUserId(ctx), { only }, audit, ctx.now());
  const { signInProvider: provider } = ctx;
  if (sealed === null || provider === null || !provider.signOutThere) return null;
  return provider.beginSignOut(unsealed(ctx, sealed, only));
}

/** null: the key it was sealed with is gone. */
function unsealed({ unseal }: Pick<AuthHost, "unseal">, sealed: string, session: SessionId): string | null {
  try {
    return unseal(sealed, aboutSignOut(session));
  } catch {
    return null;
  }
}
