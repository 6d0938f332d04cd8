import { type Access, type Client, FULL_ACCESS, type Identity } from "@/lib/domain/access";
import type { Credentials } from "@/lib/domain/ports/accounts";
import { bearerToken } from "@/lib/domain/token";
import { type ApiToken, isSessionOver, SESSION_TIMES, type TokenId, type User } from "@/lib/domain/user";
import type { SessionCookie } from "./cookies";
import { hashOf, TOKEN_PREFIX } from "./secrets";

/** A revocation by another process (the command line works through ours, so there is none today) is seen within this. */
const KEPT_MS = 1_000;
const MOST_KEPT = 10_000;
/** Beside the hashes of secrets, which have no colon. */
const BY_PROXY = "proxy:";

export type Identify = {
  /** null: no one we know. */
  sessionOf(cookie: string | undefined, client: Client): Identity | null;
  tokenOf(authorization: string | undefined, client: Client): Identity | null;
  /** The user whom a proxy names. null: there is none yet. */
  namedBy(name: string, client: Client): Identity | "disabled" | null;
  /** What was kept does not hold any more: something was written about accounts. */
  forget(): void;
};

type Kept = { readonly found: Found | null; readonly at: number };
type Found = {
  readonly identity: Identity;
  readonly stillGood: (now: number) => boolean;
  readonly note: (now: number) => void;
};

/**
 * Who has that cookie or token. What the database says is kept for a moment: a page that polls asks twenty times for the same.
 * @param onFailure told when a note about the last use could not be written, which keeps no one out
 */
export function identifyBy(
  credentials: Credentials,
  cookie: SessionCookie,
  clock: () => number,
  onFailure: (error: unknown) => void,
): Identify {
  const kept = new Map<string, Kept>();
  const find = (hash: string, look: (hash: string) => Found | null): Found | null => {
    const now = clock();
    const before = kept.get(hash);
    // A clock that was set back must not keep what it has kept.
    if (before !== undefined && now >= before.at && now - before.at < KEPT_MS) return before.found;
    if (kept.size >= MOST_KEPT) kept.clear();
    const found = look(hash);
    kept.set(hash, { found, at: now });
    return found;
  };
  const identity = (found: Found | null, { address }: Client): Identity | null => {
    const now = clock();
    if (found === null || !found.stillGood(now)) return null;
    found.note(now);
    return { ...found.identity, address };
  };
  const noted = new Map<string, number>();
  /** Every few minutes: it is shown to people, and a session that is used does not idle. */
  const noteLater = (id: string, last: number | null, now: number, write: () => Promise<void>) => {
    const before = Math.max(last ?? 0, noted.get(id) ?? 0);
    if (now - before < SESSION_TIMES.noteMs) return;
    if (noted.size >= MOST_KEPT) noted.clear();
    noted.set(id, now);
    write().catch(onFailure);
  };
  const bySession = (hash: string): Found | null => {
    const row = credentials.sessionByHash(hash);
    if (row === null) return null;
    const { session, user } = row;
    return {
      identity: identityOf(user, {
        via: "session",
        viaId: session.id,
        userId: user.id,
        mustChange: user.mustChange,
      }),
      stillGood: (now) => !user.disabled && !isSessionOver(session, now),
      note: (now) =>
        noteLater(session.id, session.lastSeenAt, now, () => credentials.noteSeen(session.id, now)),
    };
  };
  const byToken = (hash: string): Found | null => {
    const token = credentials.tokenByHash(hash);
    if (token === null) return null;
    return {
      identity: identityOf(byTokenOf(token), {
        via: "token",
        viaId: token.id,
        userId: null,
        mustChange: false,
      }),
      stillGood: (now) => isTokenGood(token, now),
      note: (now) =>
        noteLater(token.id, token.lastUsedAt, now, () => credentials.noteUsed(token.id as TokenId, now)),
    };
  };
  const byProxy = (key: string): Found | null => {
    const user = credentials.userByName(key.slice(BY_PROXY.length));
    if (user === null) return null;
    return {
      identity: identityOf(user, { via: "proxy", viaId: null, userId: user.id, mustChange: false }),
      stillGood: () => !user.disabled,
      note: (now) => noteLater(user.id, user.lastSignInAt, now, () => credentials.noteThere(user.id, now)),
    };
  };
  return {
    sessionOf: (header, client) => {
      const secret = cookie.read(header, client.secure);
      return secret === null ? null : identity(find(hashOf(secret), bySession), client);
    },
    tokenOf: (header, client) => {
      const secret = bearerToken(header);
      return secret?.startsWith(TOKEN_PREFIX) ? identity(find(hashOf(secret), byToken), client) : null;
    },
    namedBy: (name, client) => {
      const found = find(`${BY_PROXY}${name.toLowerCase()}`, byProxy);
      return found === null ? null : (identity(found, client) ?? "disabled");
    },
    forget: () => kept.clear(),
  };
}

/** A token may be named like a user, and what it does is not to be taken for that user's doing. */
function byTokenOf(token: ApiToken): Named {
  return { ...token, name: `token:${token.name}` };
}

type Named = Access & Pick<User, "name">;

function identityOf(
  { name, role, grants }: Named,
  by: Pick<Identity, "via" | "viaId" | "userId" | "mustChange">,
): Identity {
  return { name, access: { role, grants }, ...by, address: null };
}

function isTokenGood({ revokedAt, expiresAt }: ApiToken, now: number): boolean {
  return revokedAt === null && (expiresAt === null || now < expiresAt);
}

/** All who may connect to the socket are the dashboard's own user, which the kernel has seen to. */
export const OWNER: Identity = {
  name: "owner",
  access: FULL_ACCESS,
  via: "socket",
  viaId: null,
  userId: null,
  mustChange: false,
  address: null,
};

/** Where accounts are switched off. */
export function everyone({ address }: Client): Identity {
  return {
    name: "operator",
    access: FULL_ACCESS,
    via: "open",
    viaId: null,
    userId: null,
    mustChange: false,
    address,
  };
}
