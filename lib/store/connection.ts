import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import type { Database } from "better-sqlite3";
import { PrismaClient } from "./generated/client";
import { measured, type SlowStatement } from "./slow-statements";

/** One connection to the database file: Prisma's, and the same one for statements of our own. */
export type Connection = {
  readonly prisma: PrismaClient;
  readonly database: Database;
  close(): Promise<void>;
};

/**
 * Prisma's adapter opens the connection and keeps it to itself. It is taken from it here, so that what Prisma writes and what prepared
 * statements write is one transaction where it has to be, and there is no second writer to wait for. Prisma gets it with its first query: its
 * query compiler takes 0.2 s to load, and the first answers after a start need not wait for that.
 * @param timeout milliseconds for which a statement waits for another program's lock, holding up the process
 */
export async function connectTo(
  file: string,
  timeout: number,
  slow: (statement: SlowStatement) => void,
): Promise<Connection> {
  const adapter = measured(
    new PrismaBetterSqlite3({ url: `file:${file}`, timeout }, { timestampFormat: "unixepoch-ms" }),
    slow,
  );
  const connection = await adapter.connect();
  const database = databaseOf(connection);
  const { provider, adapterName } = adapter;
  // Prisma would close it when its query compiler cannot be loaded, for want of descriptors say, and ours with it.
  const dispose = connection.dispose.bind(connection);
  connection.dispose = async () => undefined;
  const prisma = new PrismaClient({ adapter: { provider, adapterName, connect: async () => connection } });
  const close = async () => {
    try {
      await prisma.$disconnect();
    } finally {
      await dispose();
    }
  };
  return { prisma, database, close };
}

/** In Prisma's adapter 7.10 it is the private field `client`. */
function databaseOf(connection: object): Database {
  const { client } = connection as { readonly client?: Partial<Database> };
  if (typeof client?.prepare === "function" && typeof client.inTransaction === "boolean")
    return client as Database;
  throw new Error(
    "This version of Prisma's adapter for better-sqlite3 keeps its connection elsewhere: see lib/store/connection.ts.",
  );
}
