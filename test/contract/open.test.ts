import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { beforeEach, describe, expect, test } from "vitest";
import { isAppError } from "@/lib/domain/errors";
import { connectTo } from "@/lib/store/connection";
import { beginDeletion, deleteRest } from "@/lib/store/job-deletion";
import { findJob, insertJob } from "@/lib/store/jobs";
import { openStore } from "@/lib/store/open";
import { endChild, startChild } from "@/test/children";
import { aJob, jobId, T0 } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";
import { until } from "@/test/until";
import { audit } from "./store/given";

const ROOT = process.cwd();
let folder: string;
let file: string;
beforeEach(() => {
  folder = temporaryFolder();
  file = join(folder, "unstuck.db");
});

const open = () => openStore(ROOT, file);
const hash = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");

/** A database with one job in it, closed. */
async function givenDatabase(): Promise<void> {
  const store = await open();
  await insertJob(store, aJob(), {}, audit("job.created"));
  await store.close();
}

/** Opens what must be refused; answers the refusal, and makes sure that not a byte of the file has changed. */
async function refusal(): Promise<{ code: string; message: string }> {
  const before = hash(file);
  const error: unknown = await open().then(
    async (store) => {
      await store.close();
      return new Error("It was opened.");
    },
    (reason: unknown) => reason,
  );
  expect(hash(file), "the file was changed").toBe(before);
  if (isAppError(error)) return { code: error.code, message: error.message };
  throw error;
}

describe("a database that is in order", () => {
  test("is lent to Prisma: what Prisma closes stays open for our own statements until the store is closed", async () => {
    await givenDatabase();
    const { prisma, database, close } = await connectTo(file, 100, () => undefined);
    expect(await prisma.job.count()).toBe(1);
    await prisma.$disconnect();
    expect(database.prepare('SELECT count(*) AS "jobs" FROM "Job"').get()).toEqual({ jobs: 1n });
    await close();
    expect(database.open).toBe(false);
  });

  test("is closed also when nothing was asked of Prisma", async () => {
    await givenDatabase();
    const { database, close } = await connectTo(file, 100, () => undefined);
    await close();
    expect(database.open).toBe(false);
  });

  test("is made with all its tables when there is none", async () => {
    await givenDatabase();
    const store = await open();
    expect((await findJob(store, jobId("nightly")))?.job).toEqual(aJob());
    await store.close();
  });

  test("CR-7.4 keeps nothing of the secrets of a job that was deleted, in no byte of it", async () => {
    const store = await open();
    const job = aJob({ envSecret: ["TOKEN", "PEM"] });
    const [token, pem] = ["v4lue-of-the-token", `begin${"s3cret".repeat(2_000)}end`];
    await insertJob(store, job, { TOKEN: token, PEM: pem }, audit("job.created"));
    // What is in the log is written into the file, and the log begins anew.
    await store.close();
    expect(readFileSync(file).includes(token)).toBe(true);
    const again = await open();
    await beginDeletion(again, job.id, audit("job.deleted"), T0);
    await deleteRest(again, job.id);
    await again.close();
    const bytes = readFileSync(file);
    expect([token, "s3crets3cret"].filter((secret) => bytes.includes(secret))).toEqual([]);
    expect(existsSync(`${file}-wal`)).toBe(false);
  });

  test("is made when the file is there and empty", async () => {
    writeFileSync(file, "");
    await givenDatabase();
  });

  test("is opened again and again, and its migrations are applied once", async () => {
    await givenDatabase();
    const applied = () => {
      const database = new Database(file, { readonly: true });
      const names = database.prepare("SELECT migration_name FROM _prisma_migrations").pluck().all();
      database.close();
      return names;
    };
    const first = applied();
    for (const _ of [1, 2]) await open().then((store) => store.close());
    expect(applied()).toEqual(first);
    expect(first.length).toBeGreaterThan(0);
  });

  test("keeps a committed change through a crash of everything, and writes so that a power cut keeps it too", async () => {
    const store = await open();
    await insertJob(store, aJob(), {}, audit("job.created"));
    // What a killed process leaves behind: the files as they are, nobody having closed anything.
    const copy = temporaryFolder();
    for (const name of ["unstuck.db", "unstuck.db-wal"]) copyFileSync(join(folder, name), join(copy, name));
    const settings = await store.write((tx) => tx.$queryRaw`PRAGMA synchronous`);
    expect(settings, "2 is FULL").toMatchObject([{ synchronous: 2n }]);
    await store.close();
    const later = await openStore(ROOT, join(copy, "unstuck.db"));
    expect(await findJob(later, jobId("nightly"))).not.toBeNull();
    await later.close();
  });
});

describe("a database that is damaged is refused and not touched", () => {
  const DAMAGES: readonly (readonly [string, () => void])[] = [
    [
      "not a database at all",
      () => writeFileSync(file, "this is a text, and a long one at that. ".repeat(500)),
    ],
    ["cut short", () => truncateSync(file, 12_288)],
    ["overwritten in the middle", () => overwrite(8_192, 8_192)],
    ["overwritten at its head", () => overwrite(0, 100)],
  ];
  for (const [what, damage] of DAMAGES)
    test(what, async () => {
      await givenDatabase();
      damage();
      const { code, message } = await refusal();
      expect(code).toBe("DATABASE_CORRUPT");
      expect(message).toMatch(/Nothing was changed and nothing was started\. Put a backup in its place/);
    });

  function overwrite(from: number, bytes: number): void {
    const content = readFileSync(file);
    content.fill(0xa5, from, from + bytes);
    writeFileSync(file, content);
  }
});

test("a database of a newer version is refused, not touched, and the refusal names what is newer", async () => {
  await givenDatabase();
  const database = new Database(file);
  database
    .prepare(
      `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
       VALUES ('x', 'x', ?, '29990101000000_from_the_future', ?, 1)`,
    )
    .run(Date.now(), Date.now());
  database.close();
  const { code, message } = await refusal();
  expect(code).toBe("DATABASE_NEWER");
  expect(message).toContain("29990101000000_from_the_future");
});

test("a database whose migration was edited after it was applied is refused", async () => {
  await givenDatabase();
  const database = new Database(file);
  database.prepare("UPDATE _prisma_migrations SET checksum = 'other'").run();
  database.close();
  expect((await refusal()).code).toBe("DATABASE_UNUSABLE");
});

test("a database whose migration did not finish is refused", async () => {
  await givenDatabase();
  const database = new Database(file);
  database.prepare("UPDATE _prisma_migrations SET finished_at = NULL").run();
  database.close();
  expect(await refusal()).toMatchObject({ code: "DATABASE_UNUSABLE", message: /did not finish/ });
});

test("a database of another program is refused, and its tables are named", async () => {
  const database = new Database(file);
  database.exec("CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup')");
  database.close();
  const { code, message } = await refusal();
  expect(code).toBe("DATABASE_UNUSABLE");
  expect(message).toMatch(/not one of Unstuck's: it has the tables recipes/);
});

test("a folder in place of the database is refused", async () => {
  mkdirSync(file);
  await expect(open()).rejects.toMatchObject({ code: "DATABASE_UNUSABLE" });
});

/** Another process with a transaction open; says so by making a file. */
const HOLDER = `
  const Database = require("better-sqlite3");
  const [file, mode, begin] = process.argv.slice(1);
  const database = new Database(file);
  database.pragma("journal_mode = " + mode);
  database.exec(begin);
  require("node:fs").writeFileSync(file + ".held", "");
  setInterval(() => {}, 1_000);`;

for (const mode of ["DELETE", "WAL"]) {
  test(`a database another process has locked (${mode}) is told as such, and opens when it lets go`, async () => {
    await givenDatabase();
    const holder = startChild(process.execPath, ["-e", HOLDER, file, mode, "BEGIN EXCLUSIVE"], { cwd: ROOT });
    await until("the other process has it", () => existsSync(`${file}.held`));
    const { code, message } = await refusal();
    await endChild(holder);
    expect(code, message).toBe("DATABASE_LOCKED");
    await open().then((store) => store.close());
  });
}
