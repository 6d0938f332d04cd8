import { join } from "node:path";
import Database from "better-sqlite3";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import type { Run } from "@/lib/domain/run";
import { findJob, listJobs, listJobsWithNewest } from "@/lib/store/jobs";
import { openStore } from "@/lib/store/open";
import { listStartable } from "@/lib/store/queue";
import { applyEvent } from "@/lib/store/run-changes";
import { findRun, listRuns, listUnfinished, listUnfinishedStates } from "@/lib/store/runs";
import type { Store } from "@/lib/store/transaction";
import { findUnreadable } from "@/lib/store/unreadable";
import { jobId, T0, WORKER } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";
import { enqueue, givenJob, givenQueued, givenRunning, STOP } from "./store/given";

let store: Store;
let damaged: Run;
let healthy: Run;
let queued: Run;
let damage: (table: "Run" | "Job", column: string, id: string) => void;

/** Three jobs with a run each; what a disk or a hand does to one row is done from outside. */
beforeEach(async () => {
  const file = join(temporaryFolder(), "unstuck.db");
  const opened = await openStore(process.cwd(), file);
  onTestFinished(() => opened.close());
  store = opened;
  // With a limit set, turns are given by what active runs say of their tags.
  await store.write((tx) => tx.concurrencyLimit.create({ data: { name: "tag:shop", maxRuns: 9 } }));
  for (const id of ["damaged", "healthy", "queued"]) await givenJob(store, { id: jobId(id) });
  damaged = await givenRunning(store, jobId("damaged"));
  healthy = await givenRunning(store, jobId("healthy"));
  queued = await givenQueued(store, jobId("queued"));
  damage = (table, column, id) => {
    const database = new Database(file);
    const { changes } = database
      .prepare(`UPDATE "${table}" SET "${column}" = '{"argv": [' WHERE "id" = ?`)
      .run(id);
    database.close();
    expect(changes).toBe(1);
  };
});

const ids = (runs: readonly { readonly id: string }[]) => runs.map(({ id }) => id).sort();
const everything = { jobId: null, states: null, since: null, until: null, text: null, fingerprint: null };
const UNREADABLE = { code: "ROW_UNREADABLE" };

test("CR-6.3 a run whose row cannot be read keeps no other from being supervised, started or shown", async () => {
  damage("Run", "spec", damaged.id);
  expect(ids(await listUnfinishedStates(store, WORKER))).toEqual(ids([damaged, healthy]));
  expect(ids(await listUnfinished(store))).toEqual(ids([healthy, queued]));
  expect(ids(await listStartable(store, WORKER, T0))).toEqual([queued.id]);
  const shown = await listRuns(store, everything, { before: null, limit: 10 });
  expect(ids(shown)).toEqual(ids([damaged, healthy, queued]));
  const row = shown.find(({ id }) => id === damaged.id);
  expect(row).toMatchObject({ state: "running", reason: expect.stringContaining("cannot be read") });
});

test("CR-6.3 a run whose state is none that there is stands in the lists of all states, where its id says", async () => {
  await store.change(
    (db) => db.change`UPDATE "Run" SET "state" = 'rnuning', "activeKey" = NULL WHERE "id" = ${healthy.id}`,
  );
  const page = { before: null, limit: 10 };
  const inOrder = [damaged, healthy, queued]
    .map(({ id }) => id)
    .sort()
    .reverse();
  const found = async (filter: object) =>
    (await listRuns(store, { ...everything, ...filter }, page)).map(({ id }) => id);
  expect(await found({})).toEqual(inOrder);
  expect(await found({ jobId: healthy.jobId })).toEqual([healthy.id]);
  expect(await found({ text: "healthy" })).toEqual([healthy.id]);
  expect(await found({ states: ["running"] })).toEqual([damaged.id]);
});

test("CR-6.3 nothing is done about a run whose row cannot be read, and its job is neither startable nor idle", async () => {
  damage("Run", "spec", damaged.id);
  await expect(findRun(store, damaged.id)).rejects.toMatchObject(UNREADABLE);
  await expect(applyEvent(store, damaged.id, STOP, T0)).rejects.toMatchObject(UNREADABLE);
  await expect(enqueue(store, jobId("damaged"))).rejects.toMatchObject(UNREADABLE);
  expect((await findJob(store, jobId("damaged")))?.newest).toMatchObject({
    id: damaged.id,
    state: "running",
  });
  const { spec } = await store.read.run.findUniqueOrThrow({ where: { id: damaged.id } });
  expect(spec, "what is left of it stays for a repair").toBe('{"argv": [');
});

test("CR-6.3 a queued run whose row cannot be read keeps no other from its turn", async () => {
  damage("Run", "spec", queued.id);
  await givenJob(store, { id: jobId("next") });
  const next = await givenQueued(store, jobId("next"));
  expect(ids(await listStartable(store, WORKER, T0))).toEqual([next.id]);
});

test("CR-6.3 a job whose row cannot be read is refused by name, and the others are listed", async () => {
  damage("Job", "argv", "damaged");
  await expect(findJob(store, jobId("damaged"))).rejects.toMatchObject(UNREADABLE);
  expect(ids(await listJobs(store, { after: null, limit: 10 }))).toEqual(["healthy", "queued"]);
  expect((await listJobsWithNewest(store)).map(({ job }) => job.id)).toEqual(["healthy", "queued"]);
});

test("CR-6.3 jobs behind one whose row cannot be read are on the next page, not gone", async () => {
  damage("Job", "argv", "damaged");
  expect(ids(await listJobs(store, { after: null, limit: 1 }))).toEqual(["healthy", "queued"]);
  expect(ids(await listJobs(store, { after: "healthy", limit: 1 }))).toEqual(["queued"]);
});

test("CR-6.3 what cannot be read is named with what is wrong: jobs, and the newest run of each", async () => {
  expect(await findUnreadable(store)).toEqual([]);
  damage("Job", "argv", "healthy");
  damage("Run", "spec", damaged.id);
  const why = expect.stringContaining("JSON");
  expect(await findUnreadable(store)).toEqual([
    { what: `run ${damaged.id}`, why },
    { what: "job healthy", why },
  ]);
});
