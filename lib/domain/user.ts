import type { Access } from "./access";

declare const brand: unique symbol;
type Brand<Name extends string> = string & { readonly [brand]: Name };

export type UserId = Brand<"UserId">;
export type SessionId = Brand<"SessionId">;
export type TokenId = Brand<"TokenId">;

export const USER_ID_PATTERN = /^usr_[0-9a-z]{20}$/;
export const SESSION_ID_PATTERN = /^ses_[0-9a-z]{20}$/;
export const TOKEN_ID_PATTERN = /^tok_[0-9a-z]{20}$/;

/** @param entropy at least twenty characters of 0-9 a-z from a cryptographic source */
export function makeUserId(entropy: string): UserId {
  return `usr_${entropy.slice(0, 20)}` as UserId;
}

/** @param entropy the same */
export function makeSessionId(entropy: string): SessionId {
  return `ses_${entropy.slice(0, 20)}` as SessionId;
}

/** @param entropy the same */
export function makeTokenId(entropy: string): TokenId {
  return `tok_${entropy.slice(0, 20)}` as TokenId;
}

export type User = Access & {
  readonly id: UserId;
  readonly name: string;
  /** null: cannot sign in with a password. */
  readonly passwordHash: string | null;
  /** The password was set by someone else, so it is to be changed first. */
  readonly mustChange: boolean;
  readonly disabled: boolean;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly lastSignInAt: number | null;
  /** Whether a second factor is asked for. */
  readonly hasSecondFactor: boolean;
};

export type Session = {
  readonly id: SessionId;
  readonly userId: UserId;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly endsAt: number;
  readonly address: string;
  readonly agent: string;
};

export type ApiToken = Access & {
  readonly id: TokenId;
  readonly name: string;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
  readonly revokedBy: string | null;
};

export type SecondFactor = {
  readonly userId: UserId;
  /** Encrypted with the dashboard's key. */
  readonly secret: string;
  readonly confirmedAt: number | null;
  /** The newest time step whose code was accepted: each is accepted once. */
  readonly lastStep: number;
  /** Hashes of the recovery codes that are left. */
  readonly recovery: readonly string[];
};

/** Letters, digits and what stands in names and addresses; no blanks at the ends, nothing that could pass for another name. */
export const USER_NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,62}$/;

/** What the history calls what no user did, and what it called people before there were accounts. */
export const RESERVED_NAMES: readonly string[] = [
  "operator",
  "owner",
  "recovery",
  "retention",
  "schedule",
  "supervisor",
  "system",
  "unknown",
  "unstuck",
];

export const PASSWORD_LENGTH = { least: 10, most: 256 } as const;

/** What is wrong with a password; null: nothing. Length is what counts (NIST SP 800-63B, 3.1.1.2). */
export function passwordProblem(password: string, name: string): string | null {
  const { least, most } = PASSWORD_LENGTH;
  const length = [...password].length;
  if (length < least) return `expected at least ${least} characters, found ${length}`;
  if (length > most) return `expected at most ${most} characters, found ${length}`;
  if (new Set(password).size < 4) return "expected more than three different characters";
  if (password.toLowerCase() === name.toLowerCase()) return "expected something else than the name";
  if (COMMON.includes(password.toLowerCase())) return "expected a password that is not among the most common";
  return null;
}

/** Those of the common ones that are long enough. */
const COMMON: readonly string[] = [
  "1234567890",
  "0123456789",
  "0987654321",
  "12345678910",
  "password123",
  "password1234",
  "password12345",
  "passwordpassword",
  "qwertyuiop",
  "qwerty12345",
  "qwerty123456",
  "1q2w3e4r5t",
  "1qaz2wsx3edc",
  "iloveyou123",
  "administrator",
  "adminadmin",
  "letmein123",
  "letmeinletmein",
  "welcome123",
  "welcome1234",
  "changemenow",
  "changeme123",
  "unstuckunstuck",
];

/** How long a session lasts, in milliseconds. */
export const SESSION_TIMES = { idleMs: 7 * 86_400_000, mostMs: 30 * 86_400_000, noteMs: 5 * 60_000 } as const;

export function isSessionOver(session: Pick<Session, "lastSeenAt" | "endsAt">, now: number): boolean {
  return now >= session.endsAt || now - session.lastSeenAt >= SESSION_TIMES.idleMs;
}
