import type { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";

/** SQLite works on the event loop: a statement that takes longer than this keeps every other request waiting for too long. */
export const SLOW_MS = 20;

export type SlowStatement = {
  /** What it does to which table, as `SELECT Run`. */
  readonly name: string;
  /** How it begins. Values are not in it. */
  readonly sql: string;
  readonly ms: number;
};

type Factory = Pick<PrismaBetterSqlite3, "provider" | "adapterName" | "connect">;
type Connection = Awaited<ReturnType<Factory["connect"]>>;
type Query = Parameters<Connection["queryRaw"]>[0];
type Asked = Pick<Connection, "queryRaw" | "executeRaw">;

/**
 * The same adapter, measured. Each call holds up the event loop from its beginning to its end, so the time that passes while it is made is the
 * time in which nothing else could run.
 */
export function measured(factory: Factory, tell: (slow: SlowStatement) => void): Factory {
  const connect = async () => {
    const connection = await factory.connect();
    const begin = connection.startTransaction.bind(connection);
    measure(connection, tell);
    connection.startTransaction = async (level) => {
      const transaction = await begin(level);
      measure(transaction, tell);
      return transaction;
    };
    return connection;
  };
  return { provider: factory.provider, adapterName: factory.adapterName, connect };
}

function measure(asked: Asked, tell: (slow: SlowStatement) => void): void {
  const query = asked.queryRaw.bind(asked);
  const execute = asked.executeRaw.bind(asked);
  asked.queryRaw = (one: Query) => timed(one.sql, () => query(one), tell);
  asked.executeRaw = (one: Query) => timed(one.sql, () => execute(one), tell);
}

/** @param ask holds up the event loop until it returns */
export function timed<Answer>(sql: string, ask: () => Answer, tell: (slow: SlowStatement) => void): Answer {
  const began = performance.now();
  const answer = ask();
  const ms = performance.now() - began;
  if (ms > SLOW_MS)
    tell({ name: nameOf(sql), sql: sql.replaceAll(/\s+/g, " ").trim().slice(0, 300), ms: Math.round(ms) });
  return answer;
}

/** The verb, and the table it is about. */
export function nameOf(sql: string): string {
  const [verb = ""] = sql.trim().split(/\s+/, 1);
  const table = /\b(?:FROM|INTO|UPDATE)\s+(?:`main`\.)?["`](\w+)["`]/i.exec(sql)?.[1];
  return table === undefined ? verb.toUpperCase() : `${verb.toUpperCase()} ${table}`;
}
