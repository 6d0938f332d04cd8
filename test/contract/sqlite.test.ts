import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "@/lib/store/open";
import { storeContract } from "./store-contract";

storeContract("SQLite, a real file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "unstuck-test-"));
  const store = await openStore(process.cwd(), join(folder, "unstuck.db"));
  const close = async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { store, close };
});
