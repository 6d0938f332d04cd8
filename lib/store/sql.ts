import { Prisma } from "./generated/client";

/**
 * Lists and texts in queries. A list is one parameter, however long: beside an order, a limit or a count Prisma refuses lists
 * from 998 values on, and below NOT or OR it splits long ones and answers wrongly. A text is compared character by character:
 * Prisma's `contains` and `startsWith` are LIKE, which ignores case and takes `%` and `_` for placeholders.
 * `test/house/queries.test.ts` keeps the other ways out of this room.
 */

export type Sql = Prisma.Sql;
export const { sql } = Prisma;

/** For use after `IN`. */
export function anyOf(values: readonly string[]): Sql {
  return sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`;
}

/** Whether `column` contains `text`, whatever the case of its ASCII letters. */
export function hasText(column: Sql, text: string): Sql {
  return sql`instr(lower(${column}), lower(${text})) > 0`;
}

/** All of them; true when there is none. */
export function allOf(conditions: readonly Sql[]): Sql {
  return conditions.length === 0 ? sql`TRUE` : Prisma.join(conditions, " AND ");
}

/** The rows of all of them as if they were one table. Ordered like an index that each goes along, they are merged while they are read. */
export function unionOf(selects: readonly Sql[]): Sql {
  return Prisma.join(selects, " UNION ALL ");
}
