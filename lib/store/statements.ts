import type { Database, Statement } from "better-sqlite3";
import type { Identity } from "@/lib/domain/access";
import { type Cell, readerOf, toCell } from "./cells";
import type {
  Alert,
  ApiToken,
  Audit,
  Hold,
  Identity as IdentityRow,
  Job,
  JobSecret,
  Lock,
  Plan,
  PlanItem,
  Recovery,
  Run,
  RunEvent,
  RunSecret,
  Schedule,
  SecondFactor,
  Session,
  Slot,
  User,
} from "./generated/client";
import { type SlowStatement, timed } from "./slow-statements";
import { type Sql, sql } from "./sql";

type Ask<Answer> = (strings: TemplateStringsArray, ...values: readonly (Cell | Sql)[]) => Answer;

/** Rows come with the types that Prisma gives them: by the declared type of each column (`lib/store/cells.ts`). */
export type Reads = {
  all<Row>(...asked: Parameters<Ask<Row[]>>): Row[];
  /** The first row; null when there is none. */
  one<Row>(...asked: Parameters<Ask<Row>>): Row | null;
};

/** Statements that are kept prepared, in the transaction that is open. They answer at once: nothing can come in between. */
export type Statements = Reads & {
  /** Who asked for this transaction; null: the process itself. */
  readonly asked: Identity | null;
  /** @returns how many rows it changed */
  change(...asked: Parameters<Ask<number>>): number;
  insert<Table extends keyof Rows>(table: Table, row: Rows[Table]): void;
  /** @returns how many rows had all of `where`, and so were changed */
  update<Table extends keyof Rows>(
    table: Table,
    where: Partial<Rows[Table]>,
    set: Partial<Rows[Table]>,
  ): number;
};

type Rows = {
  readonly Alert: Omit<Alert, "acknowledgedAt" | "acknowledgedBy">;
  readonly ApiToken: ApiToken;
  readonly Audit: Omit<Audit, "id">;
  readonly Hold: Hold;
  readonly Identity: IdentityRow;
  readonly Job: Job;
  readonly JobSecret: JobSecret;
  readonly Lock: Lock;
  readonly Plan: Plan;
  readonly PlanItem: PlanItem;
  readonly Recovery: Recovery;
  readonly Run: Run;
  readonly RunEvent: Omit<RunEvent, "id">;
  readonly RunSecret: RunSecret;
  readonly SecondFactor: SecondFactor;
  readonly Schedule: Schedule;
  readonly Session: Session;
  readonly Slot: Slot;
  readonly User: User;
};

type Row = Readonly<Record<string, unknown>>;
type Tell = (slow: SlowStatement) => void;

/** For reading what is committed, on a connection that has no transaction. */
export function readsOn(database: Database, tell: Tell): Reads {
  const prepared = preparedOn(database);
  const all = <Row>(...[strings, ...values]: Parameters<Ask<Row[]>>) => {
    const { sql: text, values: bound } = sql(strings, ...values);
    return timed(text, () => prepared(text).rows(bound) as Row[], tell);
  };
  return { all, one: (...asked) => all<never>(...asked)[0] ?? null };
}

/**
 * For writing. Each statement makes sure that a transaction is open: one that was rolled back by SQLite, or by Prisma when its time was up,
 * would otherwise be followed by statements that are committed one by one.
 */
export function statementsOn(database: Database, tell: Tell): Omit<Statements, "asked"> {
  const reads = readsOn(database, tell);
  const prepared = preparedOn(database);
  const inTransaction = () => {
    if (!database.inTransaction) throw new Error("A statement came after its transaction was over.");
  };
  const run = (text: string, values: readonly unknown[]): number => {
    inTransaction();
    return timed(text, () => prepared(text).change(values), tell);
  };
  return {
    all: (...asked) => {
      inTransaction();
      return reads.all(...asked);
    },
    one: (...asked) => {
      inTransaction();
      return reads.one(...asked);
    },
    change: (strings, ...values) => {
      const statement = sql(strings, ...values);
      return run(statement.sql, statement.values);
    },
    insert: (table, row) => {
      const names = Object.keys(row);
      const into = names.map(quoted).join(", ");
      run(`INSERT INTO "${table}" (${into}) VALUES (${names.map(() => "?").join(", ")})`, Object.values(row));
    },
    update: (table, where, set) => {
      const sets = Object.keys(set).map((name) => `"${name}" = ?`);
      const found = Object.entries(where).map(([name, value]) =>
        value === null ? `"${name}" IS NULL` : `"${name}" = ?`,
      );
      const wanted = Object.values(where).filter((value) => value !== null);
      const text = `UPDATE "${table}" SET ${sets.join(", ")} WHERE ${found.join(" AND ")}`;
      return run(text, [...Object.values(set), ...wanted]);
    },
  };
}

function quoted(name: string): string {
  return `"${name}"`;
}

type Prepared = {
  rows(values: readonly unknown[]): Row[];
  change(values: readonly unknown[]): number;
};

/** Our code has some dozens of texts: lists are one value, and columns are those of a table. */
const MOST_KEPT = 500;

function preparedOn(database: Database): (text: string) => Prepared {
  const kept = new Map<string, Prepared>();
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    if (kept.size >= MOST_KEPT) kept.clear();
    const prepared = prepare(database.prepare<unknown[], Row>(text));
    kept.set(text, prepared);
    return prepared;
  };
}

function prepare(statement: Statement<unknown[], Row>): Prepared {
  const columns = statement.reader ? statement.safeIntegers().columns() : [];
  const readers = columns.flatMap(({ name, type }) => {
    const read = readerOf(type);
    return read === undefined ? [] : [[name, read] as const];
  });
  const typed = (row: Row): Row => {
    const copy: Record<string, unknown> = row;
    for (const [name, read] of readers) copy[name] = read(copy[name]);
    return copy;
  };
  return {
    rows: (values) => statement.all(...values.map(toCell)).map(typed),
    change: (values) => statement.run(...values.map(toCell)).changes,
  };
}
