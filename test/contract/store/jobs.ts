import { describe, expect, test } from "vitest";
import { deleteJob, findJob, insertJob, listJobs, listJobsWithNewest, updateJob } from "@/lib/store/jobs";
import { findRun } from "@/lib/store/runs";
import { aJob, jobId, T0 } from "@/test/factories";
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
      expect(await deleteJob(store, id, audit("job.deleted"), T0)).toMatchObject({
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
      expect(await deleteJob(store, id, audit("job.deleted", { jobId: id }), T0)).toEqual({ deleted: true });
      expect([await findJob(store, id), await findRun(store, run.id)]).toEqual([null, null]);
      expect(await store.read.runEvent.count()).toBe(0);
      expect(await store.read.audit.count({ where: { action: "job.deleted", jobId: id } })).toBe(1);
      expect(await deleteJob(store, id, audit("job.deleted"), T0)).toEqual({ deleted: false, active: null });
    });

    test("a deleted job's name can be used again, and its locks are free", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store);
      const run = await givenRunning(store, id);
      await apply(store, run.id, exited(1));
      await deleteJob(store, id, audit("job.deleted"), T0);
      await givenJob(store);
      expect((await givenRunning(store, id)).state).toBe("running");
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
