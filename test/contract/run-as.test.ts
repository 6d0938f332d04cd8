import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { toRunSpec } from "@/lib/domain/job";
import { openStore } from "@/lib/store/open";
import { recordsOf } from "@/lib/store/records";
import { markEarlierJobs } from "@/lib/store/run-as";
import { jobId, T0, WORKER } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";
import { givenJob, givenQueued } from "./store/given";

test.each(["root", null])(
  "jobs of an earlier version, and their runs that wait, go on as they did under %s; later ones are left alone",
  async (root) => {
    const store = await openStore(process.cwd(), join(temporaryFolder(), "unstuck.db"));
    onTestFinished(() => store.close());
    const earlier = await givenJob(store, { id: jobId("earlier"), runAs: "" });
    const later = await givenJob(store, { id: jobId("later") });
    const runs = [];
    for (const job of [earlier, later])
      runs.push(await givenQueued(store, job.id, { spec: { ...toRunSpec(job, [], false), runAs: null } }));
    expect(await markEarlierJobs(store, root, T0)).toEqual(root === null ? [] : [earlier.id]);
    const records = recordsOf(store, WORKER, () => T0);
    const found = await Promise.all(runs.map(({ id }) => records.find(id)));
    expect(found.map((run) => run?.spec.runAs)).toEqual([root, null]);
    expect(await markEarlierJobs(store, root, T0)).toEqual([]);
  },
);
