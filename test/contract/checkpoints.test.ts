import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, statSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { beforeEach, expect, test } from "vitest";
import { checkpointsOf, LIMITS } from "@/lib/store/checkpoints";
import { beginDeletion, deleteRest } from "@/lib/store/job-deletion";
import { openStore } from "@/lib/store/open";
import type { Statements } from "@/lib/store/statements";
import type { Store } from "@/lib/store/transaction";
import { T0 } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";
import { isRunning, kill, processesWithCommand } from "@/test/processes";
import { until } from "@/test/until";
import { copied, givenBase } from "./store/copies";
import { audit, givenJob } from "./store/given";

let file: string;
beforeEach(() => {
  file = join(temporaryFolder(), "unstuck.db");
});

/** What stands in the database file itself, without what is still in the log beside it. */
function runsInFile(): unknown {
  const alone = `${file}.alone`;
  copyFileSync(file, alone);
  const database = new Database(alone);
  try {
    return database.prepare(`SELECT count(*) FROM "Run"`).pluck().get();
  } finally {
    database.close();
  }
}

async function givenHistory(store: Store, count: number) {
  const { id } = await givenJob(store);
  await copied(store, await givenBase(store, id), count, { queuedAt: `${T0} + i` });
  return id;
}

test("what was committed is copied into the file by another process, and no job counts as changed by that", async () => {
  const store = await openStore(process.cwd(), file);
  try {
    await store.checkpoint();
    await givenHistory(store, 10);
    store.takeChangedJobs();
    expect(runsInFile()).toBe(0);
    await Promise.all([store.checkpoint(), store.checkpoint()]);
    expect(runsInFile()).toBe(11);
    await store.change((db) => db.change`DELETE FROM "Run"`);
    store.takeChangedJobs();
    await store.checkpoint();
    expect(store.takeChangedJobs()).toEqual(new Set());
    await store.change((db) => db.change`UPDATE "Worker" SET "epoch" = "epoch" WHERE FALSE`);
    expect(store.takeChangedJobs()).toEqual(new Set());
  } finally {
    await store.close();
  }
});

test("where that process cannot be started or ends, a checkpoint is left to SQLite", async () => {
  const store = await openStore(process.cwd(), file);
  await store.close();
  const none = checkpointsOf(temporaryFolder(), file);
  await none.make();
  await Promise.all([none.make(), none.make()]);
  await none.close();
  const noFile = checkpointsOf(process.cwd(), `${file}.none`);
  await noFile.make();
  await noFile.make();
  await noFile.close();
});

/** Those of this test's own file. */
const checkpointers = () =>
  processesWithCommand("lib/store/checkpointer.mjs").filter(({ command }) => command.includes(file));

test("one that is stopped from outside is given up, and leaves nothing behind", async () => {
  const store = await openStore(process.cwd(), file);
  await store.close();
  const limits = { ...LIMITS };
  const checkpoints = checkpointsOf(process.cwd(), file, limits);
  await checkpoints.make();
  const [{ pid } = { pid: 0 }] = checkpointers();
  kill(pid, "SIGSTOP");
  limits.answerMs = 50;
  await checkpoints.make();
  await until("it is gone", () => !isRunning(pid));
  await checkpoints.make();
  expect(checkpointers()).toEqual([]);
  await checkpoints.close();
});

test("one that is not asked any more ends, and so does one whose dashboard was killed", async () => {
  const store = await openStore(process.cwd(), file);
  await store.close();
  const checkpoints = checkpointsOf(process.cwd(), file, { ...LIMITS, idleMs: 1 });
  await checkpoints.make();
  await until("it has ended", () => checkpointers().length === 0);
  await checkpoints.close();
  const script = `const { fork } = require("node:child_process");
    const child = fork("lib/store/checkpointer.mjs", [process.argv[1]], { stdio: "ignore" });
    child.on("message", () => console.log(child.pid));
    process.stdin.on("data", () => child.send("now"));`;
  const parent = spawn(process.execPath, ["-e", script, file], { stdio: ["pipe", "pipe", "inherit"] });
  const asked = async () => {
    parent.stdin.write("now");
    return Number(await once(parent.stdout, "data"));
  };
  const pid = await asked();
  // A signal for the whole group is for the dashboard to act on.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) kill(pid, signal);
  expect(await asked()).toBe(pid);
  parent.kill("SIGKILL");
  await until("it has ended with its parent", () => !isRunning(pid));
});

test("CR-6.8 while the runs of a job are deleted less gathers in the log than a commit would have to copy", async () => {
  const store = await openStore(process.cwd(), file);
  try {
    const id = await givenHistory(store, 2_000);
    await store.checkpoint();
    expect(await beginDeletion(store, id, audit("job.deleted"), T0)).toEqual({ deleted: true });
    const pageBytes = 4_096 + 24;
    let written = 0;
    let most = 0;
    const sizeOfLog = () => Math.ceil(statSync(`${file}-wal`).size / pageBytes);
    const checkpoint = async () => {
      written += 1;
      await store.checkpoint();
    };
    await deleteRest({ ...store, checkpoint }, id, () => {
      most = Math.max(most, sizeOfLog());
      return true;
    });
    expect(written).toBeGreaterThan(20);
    expect(await store.read.run.count()).toBe(0);
    expect(most).toBeLessThan(1_000);
  } finally {
    await store.close();
  }
});

test("CR-6.8 a page of a deletion ends early where the disk is slow", async () => {
  const store = await openStore(process.cwd(), file);
  try {
    const id = await givenHistory(store, 99);
    await beginDeletion(store, id, audit("job.deleted"), T0);
    const slowly = (db: Statements): Statements => ({
      ...db,
      change: (...asked) => {
        for (const until = performance.now() + 10; performance.now() < until; );
        return db.change(...asked);
      },
    });
    const change: Store["change"] = (work) => store.change((db) => work(slowly(db)));
    let pages = 0;
    await deleteRest({ ...store, change }, id, () => {
      pages += 1;
      return pages <= 3;
    });
    expect(await store.read.run.count()).toBe(97);
  } finally {
    await store.close();
  }
});
