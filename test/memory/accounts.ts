import type {
  Accounts,
  ApiTokens,
  SecondFactors,
  Sessions,
  SignInDelays,
  Users,
} from "@/lib/domain/ports/accounts";
import { afterFailure, type SignInDelay, waitLeft } from "@/lib/domain/sign-in-delay";
import type { ApiToken, Session, User, UserId } from "@/lib/domain/user";
import { auditPorts } from "./audit-list";
import {
  byId,
  type Tables,
  type TokenEntry,
  type UserEntry,
  withEntry,
  withoutEntry,
  writeAudit,
} from "./tables";

/** Users have so many sessions at most. */
const MOST_SESSIONS = 50;

export function accountPorts(tables: Tables): Accounts {
  return {
    ...userPorts(tables),
    ...sessionPorts(tables),
    ...secondFactorPorts(tables),
    ...tokenPorts(tables),
    ...delayPorts(tables),
    ...auditPorts(tables),
  };
}

function userPorts(tables: Tables): Users {
  const shown = (entry: UserEntry): User => ({
    ...entry,
    hasSecondFactor: (tables.secondFactors.get(entry.id)?.confirmedAt ?? null) !== null,
  });
  const all = () => [...tables.users.values()];
  const named = (name: string) => all().find((one) => one.name.toLowerCase() === name.toLowerCase());
  const isLastAdmin = (user: UserEntry) =>
    administers(user) && !all().some((other) => other.id !== user.id && administers(other));
  return {
    countUsers: async () => tables.users.size,
    listUsers: async () => byId(all(), ({ name }) => name.toLowerCase()).map(shown),
    findUser: async (id) => orNull(tables.users.get(id), shown),
    findUserByName: async (name) => orNull(named(name), shown),
    insertUser: async (user, first, audit, now) => {
      if (first ? tables.users.size > 0 : named(user.name) !== undefined) return null;
      const times = { createdAt: now, updatedAt: now, lastSignInAt: null };
      const entry = { ...user, disabled: false, version: 1, ...times };
      tables.users = withEntry(tables.users, user.id, entry);
      writeAudit(tables, audit, now);
      return shown(entry);
    },
    changeUser: async (id, change, { version, keep }, audit, now) => {
      const before = tables.users.get(id);
      if (before === undefined) return "unknown";
      if (version !== null && before.version !== version) return "stale";
      const after = { ...before, ...change, version: before.version + 1, updatedAt: now };
      if (isLastAdmin(before) && !administers(after)) return "last_admin";
      const namesake = named(after.name);
      if (namesake !== undefined && namesake.id !== id) return "name_taken";
      tables.users = withEntry(tables.users, id, after);
      if (keep !== "all" && endsSessions(before, after))
        dropSessions(tables, (one) => one.userId === id && one.id !== keep);
      writeAudit(tables, audit, now);
      return shown(after);
    },
    deleteUser: async (id, audit, now) => {
      const before = tables.users.get(id);
      if (before === undefined) return "unknown";
      if (isLastAdmin(before)) return "last_admin";
      tables.users = withoutEntry(tables.users, id);
      tables.secondFactors = withoutEntry(tables.secondFactors, id);
      tables.identities = new Map([...tables.identities].filter(([, { userId }]) => userId !== id));
      dropSessions(tables, (one) => one.userId === id);
      writeAudit(tables, audit, now);
      return "deleted";
    },
  };
}

function administers({ role, disabled }: UserEntry): boolean {
  return role === "admin" && !disabled;
}

function endsSessions(before: UserEntry, after: UserEntry): boolean {
  const counts = ({ passwordHash, role, grants }: UserEntry) => JSON.stringify([passwordHash, role, grants]);
  return counts(before) !== counts(after) || after.disabled;
}

function dropSessions(tables: Tables, goes: (session: Session) => boolean): number {
  const kept = [...tables.sessions].filter(([, session]) => !goes(session));
  const dropped = tables.sessions.size - kept.length;
  tables.sessions = new Map(kept);
  return dropped;
}

function sessionPorts(tables: Tables): Sessions {
  const ofUser = (user: UserId) => [...tables.sessions.values()].filter(({ userId }) => userId === user);
  return {
    insertSession: async ({ passwordHash, ...session }, replaced, audit, now) => {
      const user = tables.users.get(session.userId);
      if (user === undefined || user.disabled || user.passwordHash !== passwordHash) return false;
      if (replaced !== null) tables.sessions = withoutEntry(tables.sessions, replaced);
      const newest = byId(ofUser(session.userId), ({ id }) => id)
        .sort((one, other) => other.createdAt - one.createdAt)
        .slice(0, MOST_SESSIONS - 1);
      const kept = new Set(newest.map(({ id }) => id));
      dropSessions(tables, ({ id, userId }) => userId === session.userId && !kept.has(id));
      tables.sessions = withEntry(tables.sessions, session.id, session);
      tables.users = withEntry(tables.users, user.id, { ...user, lastSignInAt: now });
      writeAudit(tables, audit, now);
      return true;
    },
    listSessions: async (user) =>
      byId(ofUser(user), ({ id }) => id)
        .sort((one, other) => other.lastSeenAt - one.lastSeenAt)
        .map(({ hash: _, signOutHint: _sealed, ...session }) => session),
    findSignOutHint: async (id) => tables.sessions.get(id)?.signOutHint ?? null,
    endSessions: async (user, { only, except }, audit, now) => {
      const isMeant = ({ id }: Session) => (only === undefined ? id !== except : id === only);
      const count = dropSessions(tables, (one) => one.userId === user && isMeant(one));
      if (count > 0) writeAudit(tables, audit, now);
      return count;
    },
  };
}

function secondFactorPorts(tables: Tables): SecondFactors {
  const find = (user: UserId) => tables.secondFactors.get(user);
  const inForce = (user: UserId) => (find(user)?.confirmedAt ?? null) !== null;
  return {
    findSecondFactor: async (user) => find(user) ?? null,
    beginSecondFactor: async (user, secret) => {
      if (inForce(user)) return false;
      const begun = { userId: user, secret, confirmedAt: null, lastStep: 0, recovery: [] };
      tables.secondFactors = withEntry(tables.secondFactors, user, begun);
      return true;
    },
    confirmSecondFactor: async (user, step, recovery, audit, now) => {
      const begun = find(user);
      if (begun === undefined || begun.confirmedAt !== null) return false;
      const confirmed = { ...begun, confirmedAt: now, lastStep: step, recovery };
      tables.secondFactors = withEntry(tables.secondFactors, user, confirmed);
      writeAudit(tables, audit, now);
      return true;
    },
    takeStep: async (user, step) => {
      const before = find(user);
      if (before === undefined || before.lastStep >= step) return false;
      tables.secondFactors = withEntry(tables.secondFactors, user, { ...before, lastStep: step });
      return true;
    },
    takeRecoveryCode: async (user, hash, audit, now) => {
      const before = find(user);
      if (before === undefined || before.confirmedAt === null || !before.recovery.includes(hash))
        return false;
      const recovery = before.recovery.filter((one) => one !== hash);
      tables.secondFactors = withEntry(tables.secondFactors, user, { ...before, recovery });
      writeAudit(tables, audit, now);
      return true;
    },
    removeSecondFactor: async (user, audit, now) => {
      if (find(user) === undefined) return false;
      tables.secondFactors = withoutEntry(tables.secondFactors, user);
      writeAudit(tables, audit, now);
      return true;
    },
  };
}

function tokenPorts(tables: Tables): ApiTokens {
  const shown = ({ hash: _, ...token }: TokenEntry): ApiToken => token;
  return {
    insertToken: async (token, audit, now) => {
      const entry = { ...token, createdAt: now, lastUsedAt: null, revokedAt: null, revokedBy: null };
      tables.tokens = withEntry(tables.tokens, token.id, entry);
      writeAudit(tables, audit, now);
      return shown(entry);
    },
    listTokens: async () =>
      byId(tables.tokens.values(), ({ id }) => id)
        .sort((one, other) => other.createdAt - one.createdAt)
        .map(shown),
    revokeToken: async (id, by, audit, now) => {
      const before = tables.tokens.get(id);
      if (before === undefined || before.revokedAt !== null) return orNull(before, shown);
      const revoked = { ...before, revokedAt: now, revokedBy: by };
      tables.tokens = withEntry(tables.tokens, id, revoked);
      writeAudit(tables, audit, now);
      return shown(revoked);
    },
  };
}

function delayPorts(tables: Tables): SignInDelays {
  const save = (key: string, delay: SignInDelay) => {
    tables.delays = withEntry(tables.delays, key, delay);
  };
  return {
    takeAttempt: async (attempts, now) => {
      const known = attempts.map((attempt) => ({
        ...attempt,
        before: tables.delays.get(attempt.key) ?? null,
      }));
      const wait = Math.max(0, ...known.map(({ before }) => waitLeft(before, now)));
      if (wait > 0) return wait;
      for (const { key, kind, before } of known) save(key, afterFailure(before, kind, now));
      return 0;
    },
    forgiveAttempt: async (attempts, forgotten) => {
      for (const { key } of attempts) {
        const before = tables.delays.get(key);
        if (before !== undefined) save(key, { ...before, count: before.count - 1, until: before.lastAt });
      }
      tables.delays = new Map(
        [...tables.delays].filter(([key, { count }]) => !forgotten.includes(key) && count > 0),
      );
    },
  };
}

function orNull<Value, Shown>(value: Value | undefined, show: (value: Value) => Shown): Shown | null {
  return value === undefined ? null : show(value);
}
