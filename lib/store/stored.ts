import { AppError, isAppError } from "@/lib/domain/errors";

/**
 * Prisma's types stop here. Only this program writes these rows, through rows.ts and job-rows.ts, so reading them back
 * needs no second validation: `stored` names that guarantee.
 */
export function stored<Value>(value: unknown): Value {
  return value as Value;
}

export function json<Value>(text: string): Value {
  return stored<Value>(JSON.parse(text));
}

/** One row that cannot be read is no reason to show none, or to look after none. */
export function readable<Row, Value>(rows: readonly Row[], read: (row: Row) => Value): Value[] {
  return rows.flatMap((row) => {
    try {
      return [read(row)];
    } catch (error) {
      if (isAppError(error) && error.code === "ROW_UNREADABLE") return [];
      throw error;
    }
  });
}

/** The rest of the row is fine: a file system or a hand has damaged what is kept as JSON in it. */
export function reading<Value>(what: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const message = `The row of ${what} in the database cannot be read: ${error.message}. Nothing was changed. Put that row back from a backup of the database.`;
    throw new AppError("ROW_UNREADABLE", message, { what }, { cause: error });
  }
}
