import type { AccountView, MeView, SessionView, UserView } from "@/lib/contracts/account";
import type { TokenView } from "@/lib/contracts/api-token";
import type { AuditView } from "@/lib/contracts/audit";
import type { Access, Identity } from "@/lib/domain/access";
import type { AuditRow } from "@/lib/domain/ports/accounts";
import type { ApiToken, User } from "@/lib/domain/user";
import type { Account } from "@/lib/services/accounts/get-account";
import type { OwnSession } from "@/lib/services/accounts/own-sessions";

export function toMeView({ name, access, via, userId, mustChange }: Identity): MeView {
  return { name, ...toAccessView(access), via, user: userId, mustChange };
}

/** A user who has just signed in. */
export function toNewMeView(user: User): MeView {
  return {
    name: user.name,
    ...toAccessView(user),
    via: "session",
    user: user.id,
    mustChange: user.mustChange,
  };
}

export function toAccountView({ who, user, recoveryCodes, identity }: Account): AccountView {
  return {
    ...toMeView(who),
    hasPassword: user !== null && user.passwordHash !== null,
    secondFactor: user?.hasSecondFactor ?? false,
    recoveryCodes,
    lastSignInAt: instantOrNull(user?.lastSignInAt ?? null),
    identity: identity && {
      issuer: identity.issuer,
      since: instant(identity.createdAt),
      lastAt: instantOrNull(identity.lastAt),
    },
  };
}

export function toSessionView({
  id,
  current,
  createdAt,
  lastSeenAt,
  endsAt,
  address,
  agent,
}: OwnSession): SessionView {
  return {
    id,
    current,
    createdAt: instant(createdAt),
    lastSeenAt: instant(lastSeenAt),
    endsAt: instant(endsAt),
    address,
    agent,
  };
}

/** Without the hash of the password. */
export function toUserView(user: User): UserView {
  return {
    id: user.id,
    name: user.name,
    ...toAccessView(user),
    disabled: user.disabled,
    mustChange: user.mustChange,
    hasPassword: user.passwordHash !== null,
    secondFactor: user.hasSecondFactor,
    version: user.version,
    createdAt: instant(user.createdAt),
    lastSignInAt: instantOrNull(user.lastSignInAt),
  };
}

/** @param now epoch milliseconds */
export function toTokenView(token: ApiToken, now: number): TokenView {
  return {
    id: token.id,
    name: token.name,
    state: stateOf(token, now),
    ...toAccessView(token),
    createdBy: token.createdBy,
    createdAt: instant(token.createdAt),
    expiresAt: instantOrNull(token.expiresAt),
    lastUsedAt: instantOrNull(token.lastUsedAt),
    revokedAt: instantOrNull(token.revokedAt),
    revokedBy: token.revokedBy,
  };
}

function stateOf({ revokedAt, expiresAt }: ApiToken, now: number): TokenView["state"] {
  if (revokedAt !== null) return "revoked";
  return expiresAt !== null && now >= expiresAt ? "expired" : "active";
}

export function toAuditView(row: AuditRow): AuditView {
  const { id, at, actor, action, jobId, runId, reason, details, via, viaId, address, outcome } = row;
  return {
    ...{ id, at: instant(at), actor, action, job: jobId, run: runId, reason, details },
    ...{ via, viaId, address, outcome: outcome === "refused" ? "refused" : "done" },
  };
}

function toAccessView({ role, grants }: Access): Pick<MeView, "role" | "grants"> {
  return { role, grants: grants.map((grant) => ({ ...grant })) };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}

function instantOrNull(ms: number | null): string | null {
  return ms === null ? null : instant(ms);
}
