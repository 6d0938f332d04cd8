import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { isCorrupt, isLocked } from "@/lib/store/failure-code";
import { meansNoRoom } from "@/lib/store/no-room";
import { openStore } from "@/lib/store/open";
import type { Store } from "@/lib/store/transaction";
import { temporaryFolder } from "@/test/folders";
import { canMount, mountSmallDisk } from "@/test/small-disk";

/** What goes wrong with a database has one meaning, whichever way it was written. */

const WAYS = {
  "in Prisma": (store: Store, name: string) => store.write((tx) => tx.lock.create({ data: { name } })),
  "in prepared statements": (store: Store, name: string) =>
    store.change((db) => db.insert("Lock", { name, runId: null, fence: 0, acquiredAt: null })),
} as const;
const ALL = Object.entries(WAYS);

async function opened(folder: string) {
  const store = await openStore(process.cwd(), join(folder, "unstuck.db"));
  onTestFinished(store.close);
  return store;
}

const names = async (store: Store) =>
  (await store.read.lock.findMany({ orderBy: { name: "asc" } })).map(({ name }) => name);

describe("another program holds the database", () => {
  test("a write waits until it lets go, and is carried out once", async () => {
    const folder = temporaryFolder();
    const store = await opened(folder);
    const other = new Database(join(folder, "unstuck.db"));
    other.exec("BEGIN IMMEDIATE");
    const writes = Promise.all(ALL.map(([way, write]) => write(store, way)));
    await expect(Promise.race([writes, store.read.lock.count()]), "they wait").resolves.toBe(0);
    other.close();
    await writes;
    expect(await names(store)).toEqual(Object.keys(WAYS).sort());
  });

  test("for too long: it is told as that, and nothing is written afterwards", async () => {
    const folder = temporaryFolder();
    const store = await opened(folder);
    const other = new Database(join(folder, "unstuck.db"));
    other.exec("BEGIN IMMEDIATE");
    const codes = await Promise.all(
      ALL.map(([way, write]) => write(store, way).then(null, (error: { code: string }) => error.code)),
    );
    other.close();
    expect(codes).toEqual(ALL.map(() => "DATABASE_LOCKED"));
    expect(await names(store)).toEqual([]);
  });
});

for (const [way, write] of ALL) {
  test.skipIf(!canMount)(
    `a full disk is told as that, nothing is half written, and it goes on when there is room (${way})`,
    async () => {
      const disk = mountSmallDisk("size=2m");
      onTestFinished(() => disk.unmount());
      const store = await openStore(process.cwd(), join(disk.folder, "unstuck.db"));
      try {
        await write(store, "before");
        disk.fill();
        // What fits in a page that is there already needs no room.
        const codes: unknown[] = [];
        for (let at = 0; codes.length < 3 && at < 5_000; at += 1)
          await write(store, `${at}`.padStart(3_000, "x")).then(null, (error: { code: string }) =>
            codes.push(error.code),
          );
        expect(codes).toEqual(["DISK_FULL", "DISK_FULL", "DISK_FULL"]);
        disk.free();
        await write(store, "after");
        expect(await names(store)).toContain("after");
        expect(store.look.all`PRAGMA quick_check`).toEqual([{ quick_check: "ok" }]);
      } finally {
        await store.close();
      }
    },
  );
}

test("a failure means the same, whoever of the two tells it", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "unstuck.db");
  const store = await opened(folder);
  await store.write((tx) => tx.lock.create({ data: { name: "there" } }));
  await store.close();
  const again = await opened(folder);
  const content = readFileSync(file);
  content.fill(0xa5, 8_192);
  writeFileSync(file, content);
  expect(existsSync(`${file}-wal`)).toBe(true);
  const told = await Promise.all([
    again.read.$queryRaw`SELECT * FROM "Lock"`.then(null, (error: unknown) => error),
    (async () => again.look.all`SELECT * FROM "Lock"`)().then(null, (error: unknown) => error),
  ]);
  for (const error of told) {
    expect(isCorrupt(error), String(error)).toBe(true);
    expect(isLocked(error) || meansNoRoom(error)).toBe(false);
  }
});
