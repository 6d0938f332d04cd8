import type { NewUser, UserChange, UserOutcome } from "@/lib/domain/ports/accounts";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { SessionId, User, UserId } from "@/lib/domain/user";
import { writeAudit } from "./audit";
import type { Reads, Statements } from "./statements";
import type { Store } from "./transaction";
import { nameKeyOf, toUser, USER_COLUMNS, type UserRow } from "./user-rows";

export async function countUsers({ look }: Store): Promise<number> {
  return Number(look.one<{ count: bigint }>`SELECT count(*) AS "count" FROM "User"`?.count ?? 0);
}

export async function listUsers({ look }: Store): Promise<readonly User[]> {
  return look.all<UserRow>`SELECT ${USER_COLUMNS} FROM "User" ORDER BY "nameKey"`.map(toUser);
}

export async function findUser({ look }: Store, id: UserId): Promise<User | null> {
  return userIn(look, id);
}

export async function findUserByName(store: Store, name: string): Promise<User | null> {
  return userByName(store, name);
}

/** At once, from what is committed. */
export function userByName({ look }: Store, name: string): User | null {
  const row = look.one<UserRow>`SELECT ${USER_COLUMNS} FROM "User" WHERE "nameKey" = ${nameKeyOf(name)}`;
  return row === null ? null : toUser(row);
}

export function noteThere(store: Store, id: UserId, now: number): Promise<void> {
  return store.change((db) => {
    db.update("User", { id }, { lastSignInAt: new Date(now) });
  });
}

/** Whether it is the first is looked at inside the transaction: of two that set up at the same moment one is refused. */
export function insertUser(
  store: Store,
  user: NewUser,
  first: boolean,
  audit: AuditEntry,
  now: number,
): Promise<User | null> {
  return store.change((db) => {
    if (first ? db.one`SELECT 1 FROM "User" LIMIT 1` !== null : isNameTaken(db, user.name)) return null;
    addUser(db, user, now);
    writeAudit(db, audit, now);
    return userIn(db, user.id);
  });
}

/** In a transaction that has seen that the name is free. */
export function addUser(db: Statements, user: NewUser, now: number): void {
  const at = new Date(now);
  db.insert("User", {
    id: user.id,
    name: user.name,
    nameKey: nameKeyOf(user.name),
    role: user.role,
    grants: JSON.stringify(user.grants),
    passwordHash: user.passwordHash,
    mustChange: user.mustChange,
    disabled: false,
    version: 1,
    createdAt: at,
    updatedAt: at,
    lastSignInAt: null,
  });
}

export function isNameTaken(db: Reads, name: string): boolean {
  return db.one`SELECT 1 FROM "User" WHERE "nameKey" = ${nameKeyOf(name)}` !== null;
}

export function changeUser(
  store: Store,
  id: UserId,
  change: UserChange,
  { version, keep }: { readonly version: number | null; readonly keep: SessionId | "all" | null },
  audit: AuditEntry,
  now: number,
): Promise<UserOutcome> {
  return store.change((db): UserOutcome => {
    const before = userIn(db, id);
    if (before === null) return "unknown";
    if (version !== null && before.version !== version) return "stale";
    const after = { ...before, ...change };
    if (isLastAdmin(db, before) && !administers(after)) return "last_admin";
    const nameKey = nameKeyOf(after.name);
    if (db.one`SELECT 1 FROM "User" WHERE "nameKey" = ${nameKey} AND "id" <> ${id}` !== null)
      return "name_taken";
    db.update(
      "User",
      { id },
      {
        name: after.name,
        nameKey,
        role: after.role,
        grants: JSON.stringify(after.grants),
        passwordHash: after.passwordHash,
        mustChange: after.mustChange,
        disabled: after.disabled,
        version: before.version + 1,
        updatedAt: new Date(now),
      },
    );
    if (keep !== "all" && endsSessions(before, after))
      db.change`DELETE FROM "Session" WHERE "userId" = ${id} AND "id" <> ${keep ?? ""}`;
    writeAudit(db, audit, now);
    return userIn(db, id) ?? "unknown";
  });
}

export function deleteUser(
  store: Store,
  id: UserId,
  audit: AuditEntry,
  now: number,
): Promise<"deleted" | "unknown" | "last_admin"> {
  return store.change((db) => {
    const before = userIn(db, id);
    if (before === null) return "unknown";
    if (isLastAdmin(db, before)) return "last_admin";
    db.change`DELETE FROM "User" WHERE "id" = ${id}`;
    writeAudit(db, audit, now);
    return "deleted";
  });
}

export function userIn(db: Reads, id: UserId): User | null {
  const row = db.one<UserRow>`SELECT ${USER_COLUMNS} FROM "User" WHERE "id" = ${id}`;
  return row === null ? null : toUser(row);
}

/** Looked at where it is changed: of two admins who demote each other at the same moment one is refused. */
function isLastAdmin(db: Statements, user: User): boolean {
  if (!administers(user)) return false;
  return (
    db.one`
    SELECT 1 FROM "User" WHERE "role" = 'admin' AND NOT "disabled" AND "id" <> ${user.id} LIMIT 1` === null
  );
}

function administers({ role, disabled }: Pick<User, "role" | "disabled">): boolean {
  return role === "admin" && !disabled;
}

function endsSessions(before: User, after: User): boolean {
  return (
    before.passwordHash !== after.passwordHash ||
    before.role !== after.role ||
    JSON.stringify(before.grants) !== JSON.stringify(after.grants) ||
    after.disabled
  );
}
