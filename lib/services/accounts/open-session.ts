import { AppError } from "@/lib/domain/errors";
import type { AuthHost, Sessions } from "@/lib/domain/ports/accounts";
import type { Asker } from "@/lib/domain/ports/audit";
import type { Here } from "@/lib/domain/ports/host";
import type { NewIds } from "@/lib/domain/ports/runs";
import { aboutSignOut } from "@/lib/domain/sealing";
import { makeSessionId, SESSION_TIMES, type SessionId, type User } from "@/lib/domain/user";

export type OpenSessionNeeds = Pick<Sessions, "insertSession"> &
  Pick<AuthHost, "newSecret" | "hashOf" | "seal"> &
  Pick<NewIds, "entropy"> &
  Pick<Here, "now"> &
  Asker;

export type Opened = { readonly user: User; readonly secret: string; readonly sessionId: SessionId };

const MOST_AGENT = 300;

/** How someone has signed in, where it was not with a password. */
type Otherwise = {
  readonly mostMs: number;
  readonly details: Readonly<Record<string, unknown>>;
  /** null: signing out is a matter of here. */
  readonly signOutHint: string | null;
};

/**
 * A new session each time: one whose secret was known before signing in is worth nothing afterwards.
 * @param user as it was when who asks has proved to be that user
 * @param agent what the browser says it is
 * @throws AppError SIGN_IN_FAILED when the user was changed meanwhile
 */
export async function openSession(
  ctx: OpenSessionNeeds,
  user: User,
  action: string,
  agent: string,
  otherwise: Otherwise | null = null,
): Promise<Opened> {
  const now = ctx.now();
  const id = makeSessionId(ctx.entropy(20));
  const secret = ctx.newSecret();
  const { address } = ctx.client;
  const signOutHint = otherwise?.signOutHint ?? null;
  const opened = await ctx.insertSession(
    {
      id,
      hash: ctx.hashOf(secret),
      userId: user.id,
      passwordHash: user.passwordHash,
      createdAt: now,
      lastSeenAt: now,
      endsAt: now + (otherwise?.mostMs ?? SESSION_TIMES.mostMs),
      address: address ?? "",
      agent: agent.slice(0, MOST_AGENT),
      signOutHint: signOutHint === null ? null : ctx.seal(signOutHint, aboutSignOut(id)),
    },
    currentSession(ctx),
    {
      actor: user.name,
      action,
      ...(otherwise && { details: otherwise.details }),
      by: { via: "session", viaId: id, address },
    },
    now,
  );
  if (!opened)
    throw new AppError(
      "SIGN_IN_FAILED",
      "The account was changed while you signed in. Nothing was opened. Sign in again.",
    );
  return { user, secret, sessionId: id };
}

/** null: there is none. */
export function currentSession({ who }: Pick<Asker, "who">): SessionId | null {
  return who?.via === "session" ? (who.viaId as SessionId) : null;
}

/** The user who asks. @throws AppError NO_ACCOUNT for a token, the socket, and where accounts are off */
export function ownUserId({ who }: Pick<Asker, "who">): User["id"] {
  if (who !== null && who.userId !== null) return who.userId as User["id"];
  throw new AppError(
    "NO_ACCOUNT",
    "Expected a user who has signed in; a token, the owner's socket and a dashboard without accounts have no account of their own.",
  );
}
