/** What can be bound to a statement. Times are kept as epoch milliseconds, yes and no as 1 and 0. */
export type Cell = string | number | bigint | boolean | Date | null;

export function toCell(value: unknown): string | number | bigint | null {
  if (value instanceof Date) return value.getTime();
  if (typeof value === "boolean") return value ? 1 : 0;
  return value as string | number | bigint | null;
}

type Reader = (value: unknown) => unknown;

/**
 * How a value of a column is read, by the type the column was declared with: as Prisma 7.10 reads it, which `test/contract/rows-alike.test.ts`
 * holds. undefined: it stays as it is, as a text does and whatever an expression answers.
 */
export function readerOf(declared: string | null): Reader | undefined {
  return declared === null ? undefined : READERS[declared.toUpperCase()];
}

/** What was written as a fraction, past our code, is cut to its whole part. */
const READERS: Readonly<Record<string, Reader>> = {
  INTEGER: (value) => (typeof value === "bigint" || typeof value === "number" ? whole(value) : value),
  BIGINT: (value) => (typeof value === "number" ? BigInt(Math.trunc(value)) : value),
  BOOLEAN: (value) => (value === null ? null : Boolean(value)),
  DATETIME: (value) =>
    value === null ? null : new Date(typeof value === "bigint" ? Number(value) : text(value)),
};

function whole(value: bigint | number): number {
  return Math.trunc(Number(value));
}

function text(value: unknown): string | number {
  return typeof value === "number" ? value : String(value);
}
