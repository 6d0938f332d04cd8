import { FULL_ACCESS, type Identity } from "@/lib/domain/access";
import type { NewApiToken, NewSession, NewUser } from "@/lib/domain/ports/accounts";
import type { Actor, Asker } from "@/lib/domain/ports/audit";
import {
  type ApiToken,
  makeSessionId,
  makeTokenId,
  makeUserId,
  SESSION_TIMES,
  type SecondFactor,
  type SessionId,
  type TokenId,
  type User,
  type UserId,
} from "@/lib/domain/user";
import { T0 } from "./factories";
import type { Tables } from "./memory/tables";

const entropyOf = (number: number) => String(number).padStart(20, "0");

export const userId = (number: number): UserId => makeUserId(entropyOf(number));
export const sessionId = (number: number): SessionId => makeSessionId(entropyOf(number));
export const tokenId = (number: number): TokenId => makeTokenId(entropyOf(number));

/** What `hashPassword` of the host in memory makes of it. */
export const PASSWORD = "correct horse";
export const HASH = `hash:${PASSWORD}`;

export function aNewUser(number: number, changes: Partial<NewUser> = {}): NewUser {
  const name = `user-${number}`;
  return {
    id: userId(number),
    name,
    role: "operator",
    grants: [],
    passwordHash: HASH,
    mustChange: false,
    ...changes,
  };
}

export function aUser(number: number, changes: Partial<User> = {}): User {
  return {
    ...aNewUser(number),
    disabled: false,
    version: 1,
    createdAt: T0,
    updatedAt: T0,
    lastSignInAt: null,
    hasSecondFactor: false,
    ...changes,
  };
}

export function aSession(number: number, user: UserId, changes: Partial<NewSession> = {}): NewSession {
  return {
    id: sessionId(number),
    hash: `hash-of:secret-${number}`,
    passwordHash: HASH,
    userId: user,
    createdAt: T0,
    lastSeenAt: T0,
    endsAt: T0 + SESSION_TIMES.mostMs,
    address: "192.0.2.7",
    agent: "Firefox",
    signOutHint: null,
    ...changes,
  };
}

/** As it is kept. */
export function aKeptSession(number: number, user: UserId, changes: Partial<NewSession> = {}) {
  const { passwordHash: _, ...session } = aSession(number, user, changes);
  return session;
}

export function aNewToken(number: number, changes: Partial<NewApiToken> = {}): NewApiToken {
  return {
    id: tokenId(number),
    name: `token-${number}`,
    hash: `hash-of:token-${number}`,
    role: "viewer",
    grants: [],
    createdBy: "admin",
    expiresAt: null,
    ...changes,
  };
}

export function aToken(number: number, changes: Partial<ApiToken> = {}): ApiToken {
  const { hash: _, ...token } = aNewToken(number);
  return { ...token, createdAt: T0, lastUsedAt: null, revokedAt: null, revokedBy: null, ...changes };
}

/** One that is in force, as the host in memory has sealed it. */
export function aSecondFactor(user: UserId, changes: Partial<SecondFactor> = {}): SecondFactor {
  return {
    userId: user,
    secret: `sealed:second-factor:${user}:TOTP`,
    confirmedAt: T0,
    lastStep: 0,
    recovery: [],
    ...changes,
  };
}

/** The tables that hold them, for `aContext`. */
export function accountTables(given: {
  readonly users?: readonly User[];
  readonly sessions?: readonly NewSession[];
  readonly secondFactors?: readonly SecondFactor[];
  readonly tokens?: readonly (ApiToken & { readonly hash: string })[];
}): Partial<Tables> {
  const { users = [], sessions = [], secondFactors = [], tokens = [] } = given;
  return {
    users: new Map(users.map(({ hasSecondFactor: _, ...user }) => [user.id, user])),
    sessions: new Map(sessions.map((session) => [session.id, session])),
    secondFactors: new Map(secondFactors.map((second) => [second.userId, second])),
    tokens: new Map(tokens.map((token) => [token.id, token])),
  };
}

export function anIdentity(changes: Partial<Identity> = {}): Identity {
  return {
    name: "admin",
    access: FULL_ACCESS,
    via: "session",
    viaId: sessionId(1),
    userId: userId(1),
    mustChange: false,
    address: "192.0.2.7",
    ...changes,
  };
}

/** A user who asks by a session, for `aContext`. */
export function askedByUser(user: User, session: SessionId = sessionId(1)): Actor & Pick<Asker, "who"> {
  const { id, name, role, grants, mustChange } = user;
  const who = anIdentity({ name, access: { role, grants }, viaId: session, userId: id, mustChange });
  return { actor: name, who };
}

/** The code that the host in memory takes for the 30 s around that moment. */
export function codeAt(now: number): string {
  return String(Math.floor(now / 30_000) % 1_000_000).padStart(6, "0");
}
