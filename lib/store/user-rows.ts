import type { Grant, Role } from "@/lib/domain/access";
import { ROLES } from "@/lib/domain/access";
import type { User, UserId } from "@/lib/domain/user";
import type { User as Row } from "./generated/client";
import { type Sql, sql } from "./sql";

/** A user's row with whether a second factor is in force. */
export type UserRow = Row & { readonly secondFactor: bigint };

export const USER_COLUMNS: Sql = sql`"User".*, EXISTS (
  SELECT 1 FROM "SecondFactor" WHERE "userId" = "User"."id" AND "confirmedAt" IS NOT NULL) AS "secondFactor"`;

export function toUser(row: UserRow): User {
  return {
    id: row.id as UserId,
    name: row.name,
    ...toAccess(row),
    passwordHash: row.passwordHash,
    mustChange: row.mustChange,
    disabled: row.disabled,
    version: row.version,
    createdAt: row.createdAt.getTime(),
    updatedAt: row.updatedAt.getTime(),
    lastSignInAt: row.lastSignInAt?.getTime() ?? null,
    hasSecondFactor: Number(row.secondFactor) === 1,
  };
}

/** A role this version does not know is none: better too little than too much. */
export function toAccess({ role, grants }: Pick<Row, "role" | "grants">): Pick<User, "role" | "grants"> {
  return {
    role: ROLES.find((known: Role) => known === role) ?? null,
    grants: JSON.parse(grants) as Grant[],
  };
}

export function nameKeyOf(name: string): string {
  return name.toLowerCase();
}
