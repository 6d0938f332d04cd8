import type { NewSession, SessionWithUser } from "@/lib/domain/ports/accounts";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import { aboutSignOut } from "@/lib/domain/sealing";
import type { Session, SessionId, UserId } from "@/lib/domain/user";
import { writeAudit } from "./audit";
import type { Session as Row } from "./generated/client";
import { sealedNow } from "./sealed-now";
import type { Store } from "./transaction";
import { toUser, USER_COLUMNS, type UserRow } from "./user-rows";

/** Users have a few; who signs in more often ends the oldest. */
const MOST_OF_A_USER = 50;

export function insertSession(
  store: Store,
  { hash, passwordHash, signOutHint, ...session }: NewSession,
  replaced: SessionId | null,
  audit: AuditEntry,
  now: number,
): Promise<boolean> {
  const { userId } = session;
  return store.change((db) => {
    const user = db.one`
      SELECT 1 FROM "User" WHERE "id" = ${userId} AND NOT "disabled" AND "passwordHash" IS ${passwordHash}`;
    if (user === null) return false;
    if (replaced !== null) db.change`DELETE FROM "Session" WHERE "id" = ${replaced}`;
    db.insert("Session", {
      ...session,
      hash,
      createdAt: new Date(session.createdAt),
      lastSeenAt: new Date(session.lastSeenAt),
      endsAt: new Date(session.endsAt),
      signOutHint:
        signOutHint === null ? null : sealedNow(store.sealing, signOutHint, aboutSignOut(session.id)),
    });
    // The new one stays, also after the clock was set back, when it looks like the oldest.
    db.change`DELETE FROM "Session" WHERE "userId" = ${userId} AND "id" NOT IN (
      SELECT "id" FROM "Session" WHERE "userId" = ${userId}
      ORDER BY "id" = ${session.id} DESC, "createdAt" DESC, "id" LIMIT ${MOST_OF_A_USER})`;
    db.update("User", { id: userId }, { lastSignInAt: new Date(now) });
    writeAudit(db, audit, now);
    return true;
  });
}

/** The last used first. */
export async function listSessions({ look }: Store, user: UserId): Promise<readonly Session[]> {
  return look.all<Row>`SELECT * FROM "Session" WHERE "userId" = ${user} ORDER BY "lastSeenAt" DESC, "id"`.map(
    toSession,
  );
}

export async function findSignOutHint({ look }: Store, id: SessionId): Promise<string | null> {
  return (
    look.one<Pick<Row, "signOutHint">>`SELECT "signOutHint" FROM "Session" WHERE "id" = ${id}`?.signOutHint ??
    null
  );
}

export function endSessions(
  store: Store,
  user: UserId,
  { only, except }: { readonly only?: SessionId; readonly except?: SessionId | null },
  audit: AuditEntry,
  now: number,
): Promise<number> {
  return store.change((db) => {
    const count =
      only === undefined
        ? db.change`DELETE FROM "Session" WHERE "userId" = ${user} AND "id" <> ${except ?? ""}`
        : db.change`DELETE FROM "Session" WHERE "userId" = ${user} AND "id" = ${only}`;
    if (count > 0) writeAudit(db, audit, now);
    return count;
  });
}

/** Those that are over. */
export function sweepSessions(store: Store, now: number, idleMs: number): Promise<number> {
  return store.change(
    (db) => db.change`DELETE FROM "Session" WHERE "endsAt" <= ${now} OR "lastSeenAt" <= ${now - idleMs}`,
  );
}

/** At once, from what is committed. */
export function sessionByHash({ look }: Store, hash: string): SessionWithUser | null {
  const session = look.one<Row>`SELECT * FROM "Session" WHERE "hash" = ${hash}`;
  if (session === null) return null;
  const user = look.one<UserRow>`SELECT ${USER_COLUMNS} FROM "User" WHERE "id" = ${session.userId}`;
  return user === null ? null : { session: toSession(session), user: toUser(user) };
}

export function noteSeen(store: Store, id: SessionId, now: number): Promise<void> {
  return store.change((db) => {
    db.update("Session", { id }, { lastSeenAt: new Date(now) });
  });
}

export function hasUsers({ look }: Store): boolean {
  return look.one`SELECT 1 FROM "User" LIMIT 1` !== null;
}

function toSession({ hash: _, signOutHint: _sealed, ...row }: Row): Session {
  return {
    ...row,
    id: row.id as SessionId,
    userId: row.userId as UserId,
    createdAt: row.createdAt.getTime(),
    lastSeenAt: row.lastSeenAt.getTime(),
    endsAt: row.endsAt.getTime(),
  };
}
