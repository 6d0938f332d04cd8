import type { NewUser } from "@/lib/domain/ports/accounts";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { LinkedIdentity, ProviderIdentity } from "@/lib/domain/ports/identities";
import type { User, UserId } from "@/lib/domain/user";
import { writeAudit } from "./audit";
import type { Identity as Row } from "./generated/client";
import type { Reads, Statements } from "./statements";
import type { Store } from "./transaction";
import { toUser, USER_COLUMNS, type UserRow } from "./user-rows";
import { addUser, isNameTaken, userIn } from "./users";

export async function findUserByIdentity(
  { look }: Store,
  { issuer, subject }: ProviderIdentity,
): Promise<User | null> {
  const row = look.one<UserRow>`
    SELECT ${USER_COLUMNS} FROM "Identity" JOIN "User" ON "User"."id" = "Identity"."userId"
    WHERE "issuer" = ${issuer} AND "subject" = ${subject}`;
  return row === null ? null : toUser(row);
}

/** The newest. */
export async function findIdentity({ look }: Store, user: UserId): Promise<LinkedIdentity | null> {
  const row = look.one<Row>`
    SELECT * FROM "Identity" WHERE "userId" = ${user} ORDER BY "createdAt" DESC, "issuer", "subject" LIMIT 1`;
  return row === null ? null : toIdentity(row);
}

/** Looked at inside the transaction: of two requests with the same identity one makes the user. */
export function insertUserWithIdentity(
  store: Store,
  user: NewUser,
  identity: ProviderIdentity,
  audit: AuditEntry,
  now: number,
): Promise<User | "name_taken" | "identity_taken"> {
  return store.change((db): User | "name_taken" | "identity_taken" => {
    if (ownerOf(db, identity) !== null) return "identity_taken";
    if (isNameTaken(db, user.name)) return "name_taken";
    addUser(db, user, now);
    addIdentity(db, user.id, identity, now);
    writeAudit(db, audit, now);
    return userIn(db, user.id) ?? "name_taken";
  });
}

export function linkIdentity(
  store: Store,
  user: UserId,
  identity: ProviderIdentity,
  audit: AuditEntry,
  now: number,
): Promise<"linked" | "taken" | "has_another" | "unknown"> {
  return store.change((db): "linked" | "taken" | "has_another" | "unknown" => {
    if (userIn(db, user) === null) return "unknown";
    const owner = ownerOf(db, identity);
    if (owner !== null) return owner === user ? "linked" : "taken";
    const { issuer } = identity;
    if (db.one`SELECT 1 FROM "Identity" WHERE "userId" = ${user} AND "issuer" = ${issuer}` !== null)
      return "has_another";
    addIdentity(db, user, identity, now);
    writeAudit(db, audit, now);
    return "linked";
  });
}

export function unlinkIdentities(
  store: Store,
  user: UserId,
  audit: AuditEntry,
  now: number,
): Promise<boolean> {
  return store.change((db) => {
    const removed = db.change`DELETE FROM "Identity" WHERE "userId" = ${user}` > 0;
    if (removed) writeAudit(db, audit, now);
    return removed;
  });
}

export function noteIdentity(
  store: Store,
  { issuer, subject }: ProviderIdentity,
  now: number,
): Promise<void> {
  return store.change((db) => {
    db.update("Identity", { issuer, subject }, { lastAt: new Date(now) });
  });
}

function ownerOf(db: Reads, { issuer, subject }: ProviderIdentity): string | null {
  const row = db.one<Pick<Row, "userId">>`
    SELECT "userId" FROM "Identity" WHERE "issuer" = ${issuer} AND "subject" = ${subject}`;
  return row?.userId ?? null;
}

function addIdentity(
  db: Statements,
  userId: UserId,
  { issuer, subject }: ProviderIdentity,
  now: number,
): void {
  db.insert("Identity", { issuer, subject, userId, createdAt: new Date(now), lastAt: null });
}

function toIdentity({ issuer, subject, userId, createdAt, lastAt }: Row): LinkedIdentity {
  return {
    ...{ issuer, subject, userId: userId as UserId },
    createdAt: createdAt.getTime(),
    lastAt: lastAt?.getTime() ?? null,
  };
}
