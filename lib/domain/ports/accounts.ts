import type { Access, Identity } from "../access";
import type { DelayKind } from "../sign-in-delay";
import type { ApiToken, SecondFactor, Session, SessionId, TokenId, User, UserId } from "../user";
import type { AuditEntry } from "./audit";
import type { Before } from "./page";

export type NewUser = Pick<User, "id" | "name" | "role" | "grants" | "passwordHash" | "mustChange">;

/** What may be changed of a user. */
export type UserChange = Partial<
  Pick<User, "name" | "role" | "grants" | "passwordHash" | "mustChange" | "disabled">
>;

/** `last_admin`: no one who can sign in would be left to administer. */
export type UserOutcome = User | "unknown" | "stale" | "last_admin" | "name_taken";

export type Users = {
  countUsers(): Promise<number>;
  /** By name. */
  listUsers(): Promise<readonly User[]>;
  findUser(id: UserId): Promise<User | null>;
  /** Whatever the case of its letters. */
  findUserByName(name: string): Promise<User | null>;
  /**
   * @param first only when there is no user yet
   * @returns null, and nothing is changed: the name is taken, or there is one already
   */
  insertUser(user: NewUser, first: boolean, audit: AuditEntry, now: number): Promise<User | null>;
  /**
   * A change of password, role, grants or being disabled ends the sessions.
   * @param keep the session that stays; `all`: none is ended
   * @param version the one it was read at; null: whatever it is
   */
  changeUser(
    id: UserId,
    change: UserChange,
    options: { readonly version: number | null; readonly keep: SessionId | "all" | null },
    audit: AuditEntry,
    now: number,
  ): Promise<UserOutcome>;
  /** Also ends the sessions. */
  deleteUser(id: UserId, audit: AuditEntry, now: number): Promise<"deleted" | "unknown" | "last_admin">;
};

/** `passwordHash`: the user's as it was when the user signed in; a change meanwhile has ended all sessions, and this one comes too late. */
export type NewSession = Session & {
  readonly hash: string;
  readonly passwordHash: string | null;
  /** Sealed: by what the provider knows whom to sign out too. null: nothing to do there. */
  readonly signOutHint: string | null;
};
export type SessionWithUser = { readonly session: Session; readonly user: User };

export type Sessions = {
  /**
   * With the audit row, and the note of when the user signed in.
   * @param replaced ended in the same transaction; null: none
   * @returns false, and nothing is written: the user is gone, disabled, or has another password than the one that was proved
   */
  insertSession(
    session: NewSession,
    replaced: SessionId | null,
    audit: AuditEntry,
    now: number,
  ): Promise<boolean>;
  listSessions(user: UserId): Promise<readonly Session[]>;
  /** Sealed. @returns null: the session has none, or is gone */
  findSignOutHint(session: SessionId): Promise<string | null>;
  /** @returns how many there were */
  endSessions(
    user: UserId,
    which: { readonly only?: SessionId; readonly except?: SessionId | null },
    audit: AuditEntry,
    now: number,
  ): Promise<number>;
};

export type SecondFactors = {
  findSecondFactor(user: UserId): Promise<SecondFactor | null>;
  /** Begins one, in place of one that was begun and not confirmed. @returns false when one is in force */
  beginSecondFactor(user: UserId, secret: string): Promise<boolean>;
  /** Puts it in force. @returns false when another request was quicker */
  confirmSecondFactor(
    user: UserId,
    step: number,
    recovery: readonly string[],
    audit: AuditEntry,
    now: number,
  ): Promise<boolean>;
  /** Takes the time step, or the recovery code, so that it is accepted once. @returns false when it was taken already */
  takeStep(user: UserId, step: number): Promise<boolean>;
  takeRecoveryCode(user: UserId, hash: string, audit: AuditEntry, now: number): Promise<boolean>;
  removeSecondFactor(user: UserId, audit: AuditEntry, now: number): Promise<boolean>;
};

export type NewApiToken = Pick<ApiToken, "id" | "name" | "createdBy" | "expiresAt"> &
  Access & { readonly hash: string };

export type ApiTokens = {
  insertToken(token: NewApiToken, audit: AuditEntry, now: number): Promise<ApiToken>;
  /** Newest first, also those that are over. */
  listTokens(): Promise<readonly ApiToken[]>;
  /** @returns null when there is none */
  revokeToken(id: TokenId, by: string, audit: AuditEntry, now: number): Promise<ApiToken | null>;
};

/** What an attempt to sign in counts against. */
export type Attempt = { readonly key: string; readonly kind: DelayKind };

export type SignInDelays = {
  /**
   * Counts an attempt as failed before it is made, so that many at the same moment are all counted.
   * @returns how long to wait first, in milliseconds, and then it is not counted; 0: it may be made
   */
  takeAttempt(attempts: readonly Attempt[], now: number): Promise<number>;
  /** It did not fail. @param forgotten those of which nothing is kept; of the others it is one less */
  forgiveAttempt(attempts: readonly Attempt[], forgotten: readonly string[]): Promise<void>;
};

export type AuditRow = {
  readonly id: number;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly jobId: string | null;
  readonly runId: string | null;
  readonly reason: string | null;
  readonly details: unknown;
  readonly via: string | null;
  readonly viaId: string | null;
  readonly address: string | null;
  readonly outcome: string;
};

export type AuditFilter = {
  readonly actor: string | null;
  /** An action, or all that begin so: `run.`. */
  readonly action: string | null;
  readonly jobId: string | null;
  readonly outcome: "done" | "refused" | null;
  /** Epoch milliseconds: from, and up to but not including. */
  readonly since: number | null;
  readonly until: number | null;
};

export type AuditList = {
  /** Newest first; one more than `limit` when there is more. */
  listAudit(filter: AuditFilter, page: Before): Promise<readonly AuditRow[]>;
};

/** What only lib/auth asks, for every request: answered at once, from what is committed. */
export type Credentials = {
  sessionByHash(hash: string): SessionWithUser | null;
  tokenByHash(hash: string): ApiToken | null;
  /** Whatever the case of its letters. */
  userByName(name: string): User | null;
  hasUsers(): boolean;
  /** Written later, with whatever else is to be written: it is no reason to keep a request waiting. */
  noteSeen(session: SessionId, now: number): Promise<void>;
  noteUsed(token: TokenId, now: number): Promise<void>;
  /** Of a user without sessions, whom a proxy names. */
  noteThere(user: UserId, now: number): Promise<void>;
};

export type RefusedAccess = {
  readonly method: string;
  readonly path: string;
  /** The role, or the rule that names it. */
  readonly needed: string;
  /** What made it need that role; left out: the path itself. */
  readonly what?: string;
};

/** What services ask of lib/auth: everything that needs chance, a hash or a key. */
export type AuthHost = {
  /** @throws AppError SIGN_IN_BUSY */
  hashPassword(password: string): Promise<string>;
  /** Takes the same time without a hash. @throws AppError SIGN_IN_BUSY */
  checkPassword(
    password: string,
    stored: string | null,
  ): Promise<{ readonly ok: boolean; readonly outdated: boolean }>;
  newSecret(): string;
  newApiToken(): string;
  newRecoveryCode(): string;
  hashOf(secret: string): string;
  newTotpSecret(): string;
  /** The time step whose code this is; null: none that counts now. */
  totpStep(secret: string, code: string, now: number): number | null;
  totpUri(secret: string, name: string): string;
  /** Dark modules as an SVG path, one unit each. */
  qrCode(text: string): { readonly size: number; readonly path: string };
  seal(text: string, about: string): string;
  /** @throws AppError SECRET_UNREADABLE */
  unseal(sealed: string, about: string): string;
  /** Another key in place of the one that secrets are sealed with. @returns how many were sealed again @throws AppError SECRET_KEY_GIVEN */
  rotateSecretKey(): Promise<number>;
  /** In the audit: what was asked for by someone who may not. One who asks again and again gets a few rows. */
  noteRefusal(who: Identity, details: RefusedAccess): void;
  isSetUpCode(code: string): boolean;
  forgetSetUpCode(): void;
};

export type Accounts = Users & Sessions & SecondFactors & ApiTokens & SignInDelays & AuditList;
