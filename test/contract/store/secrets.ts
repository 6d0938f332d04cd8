import { expect, test } from "vitest";
import { beginDeletion } from "@/lib/store/job-deletion";
import { secretValues } from "@/lib/store/job-secrets";
import { findJob, insertJob, listJobsWithNewest, updateJob } from "@/lib/store/jobs";
import { aJob, T0 } from "@/test/factories";
import { audit, enqueue, type OpenStore, opened } from "./given";

export function secretsContract(open: OpenStore): void {
  test("CR-7.4 the values of secrets are read for a launch alone: no job, run, event or audit row has them", async () => {
    const store = await opened(open);
    const job = aJob({ envSecret: ["TOKEN", "PEM"] });
    const secrets = { TOKEN: "v4lue-of-token", PEM: "line 1\nline 2\n" };
    await insertJob(store, job, secrets, audit("job.created", { jobId: job.id }));
    await enqueue(store, job.id);
    expect(await secretValues(store, job.id)).toEqual(secrets);
    const rows = [
      await findJob(store, job.id),
      await listJobsWithNewest(store),
      await store.read.run.findMany(),
      await store.read.runEvent.findMany(),
      await store.read.audit.findMany(),
    ];
    const text = JSON.stringify(rows, (_name, value) => (typeof value === "bigint" ? Number(value) : value));
    expect(text).toContain("TOKEN");
    expect(text).not.toMatch(/v4lue-of-token|line 1/);
  });

  test("CR-7.4 a change replaces, adds and takes away secrets with their names, or nothing when it throws", async () => {
    const store = await opened(open);
    const job = aJob({ envSecret: ["A", "B"] });
    await insertJob(store, job, { A: "1", B: "2" }, audit("job.created", { jobId: job.id }));
    const change = (after: Record<string, string>, fails = false) =>
      updateJob(
        store,
        job.id,
        1,
        (before) => {
          if (fails) throw new Error("refused");
          return { job: { ...before, envSecret: Object.keys(after), version: 2 }, secrets: after };
        },
        audit("job.changed", { jobId: job.id }),
      );
    await expect(change({}, true)).rejects.toThrow("refused");
    expect(await secretValues(store, job.id)).toEqual({ A: "1", B: "2" });
    await change({ B: "new", C: "3" });
    expect(await secretValues(store, job.id)).toEqual({ B: "new", C: "3" });
    expect((await findJob(store, job.id))?.job.envSecret).toEqual(["B", "C"]);
    await beginDeletion(store, job.id, audit("job.deleted", { jobId: job.id }), T0);
    expect(await store.read.jobSecret.count()).toBe(0);
  });
}
