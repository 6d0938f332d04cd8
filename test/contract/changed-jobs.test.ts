import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { beginDeletion } from "@/lib/store/job-deletion";
import { jobIdsNow, jobsWithNewestNow, listJobsWithNewest, updateJob } from "@/lib/store/jobs";
import { type OpenedStore, openStore } from "@/lib/store/open";
import { applyEvent } from "@/lib/store/run-changes";
import { saveLifeSigns } from "@/lib/store/runs";
import { jobId, T0 } from "../factories";
import { audit, CLAIMED, givenJob, givenQueued } from "./store/given";

const folder = mkdtempSync(join(tmpdir(), "unstuck-test-"));
const file = join(folder, "unstuck.db");
let store: OpenedStore;
beforeAll(async () => {
  store = await openStore(process.cwd(), file);
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const changed = () => {
  const taken = store.takeChangedJobs();
  return taken === "all" ? taken : [...taken].sort();
};

test("at first anything may have changed, and then nothing has", () => {
  expect(changed()).toBe("all");
  expect(changed()).toEqual([]);
});

test("every write tells the jobs it has changed, once it is committed", async () => {
  changed();
  const { id } = await givenJob(store, { id: jobId("one") });
  expect(changed()).toEqual(["one"]);
  await givenJob(store, { id: jobId("two") });
  const run = await givenQueued(store, id);
  expect(changed()).toEqual(["one", "two"]);
  await applyEvent(store, run.id, CLAIMED, T0);
  expect(changed()).toEqual(["one"]);
  const signs = { runId: run.id, logBytes: 7, lastLifeAt: T0, progress: null, usualGapMs: null };
  await saveLifeSigns(store, [signs]);
  expect(changed()).toEqual(["one"]);
  const disabled = await updateJob(
    store,
    jobId("two"),
    1,
    (job) => ({ job: { ...job, enabled: false }, secrets: {} }),
    audit("job.changed"),
  );
  expect(disabled?.ok).toBe(true);
  expect(changed()).toEqual(["two"]);
  await beginDeletion(store, jobId("two"), audit("job.deleted"), T0);
  expect(changed()).toEqual(["two"]);
});

test("in the middle of a transaction nothing is told, and after it everything", async () => {
  const { id } = await givenJob(store, { id: jobId("middle") });
  changed();
  await store.write(async (tx) => {
    await tx.job.update({ where: { id }, data: { title: "Other" } });
    expect(changed()).toEqual([]);
    await tx.$queryRaw`SELECT 1`;
    expect(changed()).toEqual([]);
  });
  expect(changed()).toEqual(["middle"]);
});

test("what another program has written may be anything", () => {
  changed();
  const other = new Database(file);
  other.exec(`UPDATE "Job" SET "title" = 'by hand'`);
  other.close();
  expect(changed()).toBe("all");
  expect(changed()).toEqual([]);
});

test("jobs read at once are those that are read by pages", async () => {
  const some = await givenJob(store, { id: jobId("read") });
  await givenQueued(store, some.id);
  const byId = (a: { job: { id: string } }, b: { job: { id: string } }) => (a.job.id < b.job.id ? -1 : 1);
  const all = await listJobsWithNewest(store);
  expect(all.length).toBeGreaterThan(2);
  expect(jobIdsNow(store).sort()).toEqual(all.map(({ job }) => job.id));
  expect([...jobsWithNewestNow(store, jobIdsNow(store))].sort(byId)).toEqual(all);
  expect(jobsWithNewestNow(store, [jobId("nobody")])).toEqual([]);
});
