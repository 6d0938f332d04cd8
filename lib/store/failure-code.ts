/**
 * The code of what went wrong: SQLite's (`SQLITE_BUSY`, `SQLITE_IOERR_WRITE`), else the system's (`ENOSPC`); null where there is none.
 * better-sqlite3 puts it on the error itself, Prisma 7.10 on the cause of its driver adapter's error: its own code is P1008 for a query
 * on a model, P2010 for a raw one and P2039 for the rest.
 */
export function failureCode(error: unknown): string | null {
  const adapter = field(field(error, "meta"), "driverAdapterError");
  const code = field(field(adapter ?? error, "cause"), "originalCode") ?? field(error, "code");
  return typeof code === "string" ? code : null;
}

/** Another program holds the database. */
export function isLocked(error: unknown): boolean {
  return failureCode(error)?.startsWith("SQLITE_BUSY") ?? false;
}

/** The file is not SQLite's, or no more. */
export function isCorrupt(error: unknown): boolean {
  return /^SQLITE_(NOTADB|CORRUPT)/.test(failureCode(error) ?? "");
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && name in value
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
