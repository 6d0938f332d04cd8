import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { openStore } from "@/lib/store/open";
import type { Store } from "@/lib/store/transaction";
import { changesContract } from "./store/changes";
import { locksContract } from "./store/locks";
import { queueContract } from "./store/queue";
import { recoveryContract } from "./store/recovery";
import { transactionsContract } from "./store/transactions";
import { storeContract } from "./store-contract";

const folder = mkdtempSync(join(tmpdir(), "unstuck-test-"));
const empty = join(folder, "empty.db");
let made = 0;

// Migrated once: on a disk with slow syncs that takes longer than most of these tests. How a database is made: open.test.ts.
beforeAll(async () => (await openStore(process.cwd(), empty)).close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function anEmptyOne() {
  made += 1;
  const file = join(folder, `${made}.db`);
  copyFileSync(empty, file);
  const store = await openStore(process.cwd(), file);
  const close = async () => {
    await store.close();
    rmSync(file);
  };
  return { store, close };
}

storeContract("SQLite, a real file", anEmptyOne);

/** The same, with what is otherwise one transaction of prepared statements inside one of Prisma's, as in what both take part in. */
describe("the store on SQLite, every write by Prisma", () => {
  const open = async () => {
    const { store, close } = await anEmptyOne();
    return { store: throughPrisma(store), close };
  };
  for (const contract of [
    changesContract,
    locksContract,
    queueContract,
    recoveryContract,
    transactionsContract,
  ])
    contract(open);
});

function throughPrisma(store: Store): Store {
  return {
    ...store,
    change: (work) => store.write(async (_, db) => work(db)),
    as: (how) => throughPrisma(store.as(how)),
  };
}
