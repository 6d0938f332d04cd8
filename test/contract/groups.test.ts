import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { openStore } from "@/lib/store/open";
import type { Store } from "@/lib/store/transaction";
import { LIMITS } from "@/lib/store/write-queue";
import { startChild } from "@/test/children";
import { temporaryFolder } from "@/test/folders";
import { canMount, mountSmallDisk } from "@/test/small-disk";

/** Writes that wait at the same time, on a real file: they share a transaction, and each is whole or not there. */

const ROOT = process.cwd();
const NAMES = Array.from({ length: 10 }, (_, at) => `lock-${at}`);

/** However slow the machine is: all that wait may share. */
async function opened(folder: string): Promise<Store> {
  const limits = { ...LIMITS, groupMs: 600_000 };
  const store = await openStore(ROOT, join(folder, "unstuck.db"), { limits });
  onTestFinished(store.close);
  return store;
}

function insert(store: Store, name: string, then: () => void = () => undefined): Promise<void> {
  return store.change((db) => {
    db.insert("Lock", { name, runId: null, fence: 0, acquiredAt: null });
    then();
  });
}

function namesIn(store: Store): string[] {
  return store.look.all<{ name: string }>`SELECT "name" FROM "Lock" ORDER BY "name"`.map(({ name }) => name);
}

describe("writes that wait at the same time", () => {
  test("share a transaction, and none is answered before all of it is there for others to see", async () => {
    const store = await opened(temporaryFolder());
    const seen: number[] = [];
    const answered = NAMES.map((name) =>
      insert(store, name, () => expect(namesIn(store), "what is not committed").toEqual([])).then(() =>
        seen.push(namesIn(store).length),
      ),
    );
    await Promise.all(answered);
    expect(seen).toEqual(NAMES.map(() => NAMES.length));
  });

  test("one that throws leaves nothing of itself, and the others as they are", async () => {
    const store = await opened(temporaryFolder());
    const fault = new Error("in the middle");
    const became = await Promise.allSettled(
      NAMES.map((name, at) =>
        insert(store, name, () => {
          if (at === 4) throw fault;
        }),
      ),
    );
    expect(became.flatMap((one) => (one.status === "rejected" ? [one.reason] : []))).toEqual([fault]);
    expect(namesIn(store)).toEqual(NAMES.filter((_, at) => at !== 4));
  });

  test("one that the database refuses leaves nothing of itself, and the others as they are", async () => {
    const store = await opened(temporaryFolder());
    const became = await Promise.allSettled(
      ["a", "b", "a", "c"].map((name) =>
        store.change((db) => {
          db.insert("Lock", { name: `${name}-first`, runId: null, fence: 0, acquiredAt: null });
          db.insert("Lock", { name, runId: name === "c" ? "run_none" : null, fence: 0, acquiredAt: null });
        }),
      ),
    );
    expect(became.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "rejected"]);
    expect(namesIn(store)).toEqual(["a", "a-first", "b", "b-first"]);
  });

  test("those of Prisma's are by themselves, and all keep the order asked for", async () => {
    const store = await opened(temporaryFolder());
    const order: string[] = [];
    await Promise.all([
      insert(store, "1").then(() => order.push("1")),
      store.write((tx) => tx.lock.create({ data: { name: "2" } })).then(() => order.push("2")),
      insert(store, "3").then(() => order.push("3")),
    ]);
    expect(order).toEqual(["1", "2", "3"]);
    expect(namesIn(store)).toEqual(["1", "2", "3"]);
  });

  test("wait while another program holds the database, and are carried out once each", async () => {
    const folder = temporaryFolder();
    const store = await opened(folder);
    const other = new Database(join(folder, "unstuck.db"));
    other.exec("BEGIN IMMEDIATE");
    const times: string[] = [];
    const writes = Promise.all(NAMES.map((name) => insert(store, name, () => times.push(name))));
    await expect(insert(store, "x".repeat(9)).then(null, (error) => error.code)).resolves.toBe(
      "DATABASE_LOCKED",
    );
    other.close();
    await expect(writes).rejects.toMatchObject({ code: "DATABASE_LOCKED" });
    expect([times, namesIn(store)]).toEqual([[], []]);
    await Promise.all(NAMES.map((name) => insert(store, name, () => times.push(name))));
    expect([times, namesIn(store)]).toEqual([NAMES, NAMES]);
  });

  test.skipIf(!canMount)("a full disk refuses each that has no room, and keeps nothing of it", async () => {
    const disk = mountSmallDisk("size=3m");
    onTestFinished(() => disk.unmount());
    const store = await openStore(ROOT, join(disk.folder, "unstuck.db"));
    try {
      await insert(store, "before");
      disk.fill();
      const large = (at: number) => `${at}`.padStart(200_000, "x");
      const became = await Promise.allSettled(NAMES.map((_, at) => insert(store, large(at))));
      expect(became.map((one) => one.status === "rejected" && one.reason.code)).toEqual(
        NAMES.map(() => "DISK_FULL"),
      );
      expect(namesIn(store)).toEqual(["before"]);
      disk.free();
      await Promise.all(NAMES.map((name) => insert(store, name)));
      expect(namesIn(store)).toEqual(["before", ...NAMES]);
      expect(store.look.all`PRAGMA quick_check`).toEqual([{ quick_check: "ok" }]);
    } finally {
      await store.close();
    }
  });
});

describe("kill -9 of a process that writes ten at once", () => {
  const all = NAMES.flatMap((name) => [`${name}-a`, `${name}-b`]);
  const MOMENTS = {
    "at the first half of the first": ["lock-0-a", [], 0],
    "between the halves of the sixth": ["lock-5-a", [], 0],
    "behind the last, before it is committed": ["lock-9-b", [], 0],
    "when the first was answered": ["after lock-0", all, 1],
    "when the last was answered": ["after lock-9", all, 10],
  } as const;
  for (const [says, [moment, kept, answers]] of Object.entries(MOMENTS)) {
    test(`${says}: who was answered is whole, and of nobody there is a half`, async () => {
      const folder = temporaryFolder();
      const [file, answered] = [join(folder, "unstuck.db"), join(folder, "answered")];
      // Made before, so that the child has nothing else to do.
      await (await openStore(ROOT, file)).close();
      const hook = join(ROOT, "test/as-typescript.mjs");
      const child = startChild(
        process.execPath,
        ["--import", hook, join(ROOT, "test/contract/groups-killed.ts"), file, answered, moment],
        { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] },
      );
      expect(await child.ended).toMatchObject({ signal: "SIGKILL" });
      const store = await opened(folder);
      expect(namesIn(store)).toEqual(kept);
      const told = existsSync(answered) ? readFileSync(answered, "utf8").trim().split("\n") : [];
      expect(told).toEqual(NAMES.slice(0, answers));
    });
  }
});
