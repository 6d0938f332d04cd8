import { describe, expect, test } from "vitest";
import { beginDeletion, deleteRest, listDeleting } from "@/lib/store/job-deletion";
import {
  findJob,
  insertJob,
  listJobs,
  listJobsWithNewest,
  listJobsWithPidFile,
  updateJob,
} from "@/lib/store/jobs";
import { fromRun } from "@/lib/store/rows";
import { findRun } from "@/lib/store/runs";
import { aJob, aRun, jobId, T0 } from "@/test/factories";
import { apply, audit, exited, givenJob, givenQueued, givenRunning, type OpenStore, opened } from "./given";

export function jobsContract(open: OpenStore): void {
  describe("jobs", () => {
    test("B5 a job comes back as it was written, in every field", async () => {
      const store = await opened(open);
      const job = await givenJob(store, {
        title: "Größe 🕷",
        kind: "scrapy",
        argv: ["a b", "", "it's\n"],
        cwd: "/srv/ü",
        env: { A: "1", B: "" },
        checkpoint: "state.json",
        pidFile: "/run/x.pid",
        timeouts: {
          startMs: 1_000,
          silenceMs: 365 * 86_400_000,
          maxDurationMs: 3_650 * 86_400_000,
          stopGraceMs: 0,
        },
        onSilence: "flag",
        locks: ["shop.example"],
        tags: ["de", "ü"],
        enabled: false,
      });
      expect(await findJob(store, job.id)).toEqual({ job, newest: null });
    });

    test("a second job of one id is refused and changes nothing", async () => {
      const store = await opened(open);
      const job = await givenJob(store);
      expect(await insertJob(store, aJob({ title: "Other" }), {}, audit("job.created"))).toBe(false);
      expect((await findJob(store, job.id))?.job.title).toBe(job.title);
      expect(await store.read.audit.count()).toBe(1);
    });

    test("B6 of two changes read at one version the first wins and the second is told what is there now", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store);
      const change = (title: string) =>
        updateJob(
          store,
          id,
          1,
          (job, secrets) => ({ job: { ...job, title, version: job.version + 1 }, secrets }),
          audit("job.updated"),
        );
      const answers = await Promise.all([change("first"), change("second")]);
      expect(answers).toMatchObject([
        { ok: true, job: { title: "first", version: 2 } },
        { ok: false, job: { title: "first", version: 2 } },
      ]);
      expect((await findJob(store, id))?.job).toMatchObject({ title: "first", version: 2 });
      expect(await store.read.audit.count({ where: { action: "job.updated" } })).toBe(1);
    });

    test("a change of no job is null", async () => {
      const store = await opened(open);
      expect(
        await updateJob(store, jobId("none"), 1, (job, secrets) => ({ job, secrets }), audit("job.updated")),
      ).toBeNull();
    });

    test("a job with an active run is not deleted", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store);
      const run = await givenRunning(store, id);
      expect(await beginDeletion(store, id, audit("job.deleted"), T0)).toMatchObject({
        deleted: false,
        active: { id: run.id },
      });
      expect(await findJob(store, id)).not.toBeNull();
    });

    test("a job is deleted with the rows of its runs, and the deed stays on record", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store);
      const run = await givenRunning(store, id);
      await apply(store, run.id, exited(0));
      expect(await beginDeletion(store, id, audit("job.deleted", { jobId: id }), T0)).toEqual({
        deleted: true,
      });
      await deleteRest(store, id);
      expect([await findJob(store, id), await findRun(store, run.id)]).toEqual([null, null]);
      expect(await store.read.runEvent.count()).toBe(0);
      expect(await store.read.audit.count({ where: { action: "job.deleted", jobId: id } })).toBe(1);
      expect(await beginDeletion(store, id, audit("job.deleted"), T0)).toEqual({
        deleted: false,
        active: null,
      });
    });

    test("a deleted job's name can be used again, and its locks are free", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store);
      const run = await givenRunning(store, id);
      await apply(store, run.id, exited(1));
      await beginDeletion(store, id, audit("job.deleted"), T0);
      await givenJob(store);
      expect((await givenRunning(store, id)).state).toBe("running");
    });

    test("CR-6.8 a deletion that was cut off is not seen by anybody, goes on, and takes no other job's runs", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store, { autoRecover: true });
      const other = await givenJob(store, { id: jobId("other") });
      const kept = await givenRunning(store, other.id);
      const runs = Array.from({ length: 250 }, () => aRun("completed", { jobId: id }));
      await store.write((tx) => tx.run.createMany({ data: runs.map((run) => fromRun(run, false)) }));
      const newest = runs.at(-1)?.id ?? "";
      await store.write((tx) => tx.job.update({ where: { id }, data: { newestRunId: newest } }));
      const events = Array.from({ length: 1_500 }, () => ({
        runId: newest,
        at: new Date(T0),
        type: "x",
        data: "{}",
      }));
      await store.write((tx) => tx.runEvent.createMany({ data: events }));
      const deletion = audit("job.deleted", { jobId: id });
      expect(await beginDeletion(store, id, deletion, T0)).toEqual({ deleted: true });
      const pages = [...Array.from({ length: 10 }, () => true), false];
      await deleteRest(store, id, () => pages.shift() ?? false);
      const left = await store.read.run.count({ where: { jobId: id } });
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThan(250);
      expect(await findJob(store, id)).toBeNull();
      expect((await listJobs(store, { after: null, limit: 9 })).map((job) => job.id)).toEqual(["other"]);
      expect((await listJobsWithNewest(store)).map(({ job }) => job.id)).toEqual(["other"]);
      expect(
        await updateJob(store, id, 1, (job, secrets) => ({ job, secrets }), audit("job.updated")),
      ).toBeNull();
      await expect(givenQueued(store, id)).rejects.toThrow("There is no job");
      expect(await beginDeletion(store, id, deletion, T0)).toEqual({ deleted: false, active: null });
      expect(await listDeleting(store)).toEqual([id]);
      // Whoever makes a job of that name meanwhile gets a new one, without the old one's runs.
      await givenJob(store);
      expect(await store.read.run.count()).toBe(1);
      expect(await findRun(store, kept.id)).not.toBeNull();
      expect(await findJob(store, id)).toMatchObject({ newest: null, job: { autoRecover: false } });
      await deleteRest(store, id);
      expect([await listDeleting(store), await findJob(store, id)]).toMatchObject([[], { newest: null }]);
    });

    test("the list is in order of ids, with one more than asked for when there is more", async () => {
      const store = await opened(open);
      for (const id of ["c", "a", "d", "b"]) await givenJob(store, { id: jobId(id) });
      const ids = async (after: string | null, limit: number) =>
        (await listJobs(store, { after, limit })).map((job) => job.id);
      expect(await ids(null, 2)).toEqual(["a", "b", "c"]);
      expect(await ids("b", 2)).toEqual(["c", "d"]);
      expect(await ids("d", 2)).toEqual([]);
    });

    test("jobs that have a pid file are listed by id, and no others", async () => {
      const store = await opened(open);
      for (const [id, pidFile] of [
        ["c", "c.pid"],
        ["a", "/run/a.pid"],
        ["b", null],
      ] as const)
        await givenJob(store, { id: jobId(id), pidFile });
      const listed = await listJobsWithPidFile(store);
      expect(listed.map(({ id, pidFile }) => [id, pidFile])).toEqual([
        ["a", "/run/a.pid"],
        ["c", "c.pid"],
      ]);
    });

    test("C6 every job comes with its newest run", async () => {
      const store = await opened(open);
      const [east, west] = [
        await givenJob(store, { id: jobId("east") }),
        await givenJob(store, { id: jobId("west") }),
      ];
      const first = await givenRunning(store, east.id);
      await apply(store, first.id, exited(0));
      const second = await givenQueued(store, east.id);
      expect(await listJobsWithNewest(store)).toMatchObject([
        { job: { id: "east" }, newest: { id: second.id } },
        { job: { id: west.id }, newest: null },
      ]);
    });
  });
}
