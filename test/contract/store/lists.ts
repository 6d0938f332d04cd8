import { describe, expect, test } from "vitest";
import { makeRunId } from "@/lib/domain/ids";
import type { RunFilter } from "@/lib/domain/ports/runs";
import type { Run } from "@/lib/domain/run";
import { listEnded } from "@/lib/store/ended-runs";
import { listStartable } from "@/lib/store/queue";
import { listAwaitingSuccessor, listRuns, listUnfinished, listUnfinishedStates } from "@/lib/store/runs";
import type { Store } from "@/lib/store/transaction";
import { jobId, T0, WORKER } from "@/test/factories";
import { copied, givenBase } from "./copies";
import {
  apply,
  CLAIMED,
  exited,
  givenJob,
  givenQueued,
  givenRunning,
  type OpenStore,
  opened,
  SPAWNED,
  STOP,
} from "./given";

const ANY: RunFilter = { jobId: null, states: null, since: null, until: null, text: null, fingerprint: null };

export function listsContract(open: OpenStore): void {
  describe("lists of runs", () => {
    async function list(
      store: Store,
      filter: Partial<RunFilter> = {},
      before: string | null = null,
      limit = 50,
    ) {
      return (await listRuns(store, { ...ANY, ...filter }, { before, limit })).map((run) => run.id);
    }

    /** `count` ended runs of a job, one a minute, oldest first. */
    async function givenHistory(store: Store, job: string, count: number): Promise<Run[]> {
      const { id } = await givenJob(store, { id: jobId(job) });
      const runs: Run[] = [];
      for (let index = 0; index < count; index += 1) {
        const queuedAt = T0 + index * 60_000;
        const run = await givenQueued(store, id, { id: makeRunId(queuedAt, job.padEnd(10, "0")), queuedAt });
        runs.push(await apply(store, run.id, CLAIMED, SPAWNED, exited(index % 2)));
      }
      return runs;
    }

    test("are newest first, with one more than asked for when there is more", async () => {
      const store = await opened(open);
      const ids = (await givenHistory(store, "shop", 5)).map((run) => run.id).reverse();
      expect(await list(store)).toEqual(ids);
      expect(await list(store, {}, null, 2)).toEqual(ids.slice(0, 3));
      expect(await list(store, {}, ids[1], 2)).toEqual(ids.slice(2, 5));
      expect(await list(store, {}, ids[4], 2)).toEqual([]);
    });

    test("are told by job, state, time, part of a job's id and the beginning of their own", async () => {
      const store = await opened(open);
      const east = (await givenHistory(store, "east", 4)).map((run) => run.id);
      const west = (await givenHistory(store, "west", 2)).map((run) => run.id);
      const newest = (...ids: (string | undefined)[]) => ids.sort().reverse();
      expect(await list(store, { jobId: jobId("west") })).toEqual(newest(...west));
      expect(await list(store, { states: ["failed"] })).toEqual(newest(east[1], east[3], west[1]));
      expect(await list(store, { states: ["failed", "completed"] })).toHaveLength(6);
      expect(await list(store, { states: [] })).toEqual([]);
      expect(await list(store, { since: T0 + 60_000, until: T0 + 180_000 })).toEqual(
        newest(east[1], east[2], west[1]),
      );
      expect(await list(store, { text: "eas" })).toEqual(newest(...east));
      expect(await list(store, { text: west[0]?.slice(4) ?? "" })).toEqual([west[0]]);
      expect(await list(store, { jobId: jobId("east"), states: ["completed"], text: "west" })).toEqual([]);
    });

    test("E11 pages neither repeat nor miss a run when new ones come between them", async () => {
      const store = await opened(open);
      const old = (await givenHistory(store, "old", 6)).map((run) => run.id);
      const first = await list(store, {}, null, 3);
      const { id } = await givenJob(store, { id: jobId("new") });
      const queuedAt = T0 + 3_600_000;
      await givenQueued(store, id, { id: makeRunId(queuedAt, "newer00000"), queuedAt });
      const second = await list(store, {}, first[2], 3);
      expect([...first.slice(0, 3), ...second.slice(0, 3)]).toEqual([...old].reverse());
    });

    test("CR-6.8 what is rare is found at the end of a long history, complete and in order", async () => {
      const store = await opened(open);
      const [{ id }, rare] = [
        await givenJob(store, { id: jobId("busy") }),
        await givenJob(store, { id: jobId("rare_1") }),
      ];
      // Below the first slice, in its middle and behind two more.
      const rows = 4_800;
      const rareAt = [10, 600, 4_500, 4_799];
      const base = await givenBase(store, id);
      await copied(store, base, rows, {
        jobId: `CASE WHEN i IN (${rareAt}) THEN '${rare.id}' ELSE '${id}' END`,
        state:
          "CASE i WHEN 10 THEN 'failed' WHEN 4500 THEN 'failed' WHEN 600 THEN 'stopped' WHEN 4799 THEN 'stopped' ELSE 'completed' END",
        queuedAt: `${T0} + i`,
      });
      const ids = (...indexes: number[]) => indexes.map((index) => `run_1${String(index).padStart(19, "0")}`);
      expect(await list(store, { text: "RARE_" })).toEqual(ids(4_799, 4_500, 600, 10));
      expect(await list(store, { text: "RARE_" }, ids(4_500)[0], 1)).toEqual(ids(600, 10));
      expect(await list(store, { states: ["failed", "stopped"] }, null, 2)).toEqual(ids(4_799, 4_500, 600));
      expect(await list(store, { states: ["failed"], text: "busy" })).toEqual([]);
      expect(await list(store, { jobId: id, states: ["failed"] })).toEqual([]);
      expect(await list(store, { until: T0 + 11 }, null, 2)).toEqual(ids(10, 9, 8));
      const filter = { jobId: id, endedBefore: T0 + 60_001, states: ["completed"] as const };
      const old = await listEnded(store, filter, { after: null, limit: 3 });
      expect(old.map(({ run }) => run.id)).toEqual(ids(0, 1, 2));
      expect(await listEnded(store, { ...filter, states: ["failed"] }, { after: null, limit: 3 })).toEqual(
        [],
      );
    });

    test("the queue is in the order in which runs came, whatever the clock was set to meanwhile", async () => {
      const store = await opened(open);
      const times = { c: T0 + 2, b: T0 - 3_600_000, a: T0 };
      for (const [name, queuedAt] of Object.entries(times)) {
        const { id } = await givenJob(store, { id: jobId(name) });
        await givenQueued(store, id, { queuedAt, id: makeRunId(queuedAt, "0000000000") });
      }
      expect((await listStartable(store, WORKER, T0)).map((run) => run.jobId)).toEqual(["c", "b", "a"]);
    });

    test("B2 what is unfinished is every run that is not over, whatever it is doing", async () => {
      const store = await opened(open);
      for (const name of ["queued", "starting", "running", "stopping", "over"])
        await givenJob(store, { id: jobId(name) });
      await givenQueued(store, jobId("queued"));
      await apply(store, (await givenQueued(store, jobId("starting"))).id, CLAIMED);
      await givenRunning(store, jobId("running"));
      await apply(store, (await givenRunning(store, jobId("stopping"))).id, STOP);
      await apply(store, (await givenRunning(store, jobId("over"))).id, exited(0));
      const states = (await listUnfinished(store)).map((run) => `${run.jobId} ${run.state}`);
      expect(states).toEqual(["queued queued", "starting starting", "running running", "stopping stopping"]);
      const claimed = (await listUnfinished(store)).slice(1).map(({ id, state }) => ({ id, state }));
      expect(await listUnfinishedStates(store, WORKER)).toEqual(claimed);
    });

    test("B9 a restart is to be gone on with only when its run is over and still its job's newest", async () => {
      const store = await opened(open);
      const restart = { ...STOP, cause: "restart" } as const;
      for (const name of ["stopping", "ended", "followed", "stopped"])
        await givenJob(store, { id: jobId(name) });
      await apply(store, (await givenRunning(store, jobId("stopping"))).id, restart);
      for (const name of ["ended", "followed"])
        await apply(store, (await givenRunning(store, jobId(name))).id, restart, { type: "tree_gone" });
      await givenQueued(store, jobId("followed"));
      await apply(store, (await givenRunning(store, jobId("stopped"))).id, STOP, { type: "tree_gone" });
      expect((await listAwaitingSuccessor(store)).map((run) => run.jobId)).toEqual(["ended"]);
    });
  });
}
