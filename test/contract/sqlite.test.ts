import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { openStore } from "@/lib/store/open";
import { storeContract } from "./store-contract";

const folder = mkdtempSync(join(tmpdir(), "unstuck-test-"));
const empty = join(folder, "empty.db");
let made = 0;

// Migrated once: on a disk with slow syncs that takes longer than most of these tests. How a database is made: open.test.ts.
beforeAll(async () => (await openStore(process.cwd(), empty)).close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

storeContract("SQLite, a real file", async () => {
  made += 1;
  const file = join(folder, `${made}.db`);
  copyFileSync(empty, file);
  const store = await openStore(process.cwd(), file);
  const close = async () => {
    await store.close();
    rmSync(file);
  };
  return { store, close };
});
