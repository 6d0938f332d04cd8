import { describe, expect, test } from "vitest";
import type { JobId } from "@/lib/domain/ids";
import type { RunEvent } from "@/lib/domain/transition";
import { listLocks } from "@/lib/store/lock-list";
import { listRuns } from "@/lib/store/runs";
import type { Store } from "@/lib/store/transaction";
import { countUnsettled, listUnsettled } from "@/lib/store/unsettled";
import { jobId } from "@/test/factories";
import {
  apply,
  CLAIMED,
  exited,
  givenJob,
  givenQueued,
  LOST,
  type OpenStore,
  opened,
  SPAWNED,
} from "./given";

/** Names that a pattern, a quote or another case would take for one another. */
const NAMES = [
  "eu_1",
  "eu-1",
  "EU_1",
  "eux1",
  "eu%1",
  "eu\\1",
  "eu'1",
  'eu"1',
  "eu",
  "eu_11",
  "ÉU_1",
  "éu_1",
];

/**
 * Every place where what a person typed reaches a query: tags, job ids, part of an id, names of locks. What is asked for is what
 * is found, to the letter.
 */
export function matchingContract(open: OpenStore): void {
  describe("what a person typed", () => {
    async function givenEnded(store: Store, id: JobId, end: RunEvent): Promise<string> {
      const run = await givenQueued(store, id);
      return (await apply(store, run.id, CLAIMED, SPAWNED, end)).id;
    }

    async function givenTagged(store: Store): Promise<Map<string, string>> {
      const runs = new Map<string, string>();
      for (const [index, tag] of NAMES.entries()) {
        const { id } = await givenJob(store, { id: jobId(`job${index}`), tags: [`other${index}`, tag] });
        runs.set(tag, await givenEnded(store, id, LOST));
      }
      return runs;
    }

    test("CR-5 a tag matches itself alone, whatever is in it", async () => {
      const store = await opened(open);
      const runs = await givenTagged(store);
      for (const tag of NAMES) {
        const found = await listUnsettled(store, { tags: [tag] }, { before: null, limit: 50 });
        expect(
          found.map(({ id }) => id),
          tag,
        ).toEqual([runs.get(tag)]);
        const { unread, resumable, dead } = await countUnsettled(store, { tags: [tag] });
        expect([unread, resumable, dead], tag).toEqual([1, 0, 0]);
      }
      for (const nobodys of ["eu1", "%", "_", "eu_", "e%", "EU_11", '"', "other", ""])
        expect(await listUnsettled(store, { tags: [nobodys] }, { before: null, limit: 50 })).toEqual([]);
      const both = await listUnsettled(
        store,
        { tags: ["eu_1", "eu%1", "EU_1"] },
        { before: null, limit: 50 },
      );
      expect(both).toHaveLength(3);
    });

    test("CR-5 a job id matches itself alone", async () => {
      const store = await opened(open);
      const ids = ["a_1", "a-1", "ax1", "a.1", "a_11"];
      for (const id of ids) {
        await givenJob(store, { id: jobId(id) });
        await givenEnded(store, jobId(id), LOST);
      }
      const page = { before: null, limit: 50 };
      for (const id of ids) {
        const jobs = [jobId(id)];
        expect((await listUnsettled(store, { jobs }, page)).map((run) => run.jobId)).toEqual([id]);
        const filter = {
          jobId: jobId(id),
          states: null,
          since: null,
          until: null,
          text: null,
          fingerprint: null,
        };
        expect((await listRuns(store, filter, page)).map((run) => run.jobId)).toEqual([id]);
      }
    });

    test("CR-5 part of an id is taken to the letter, in any case", async () => {
      const store = await opened(open);
      for (const id of ["eu_1", "eu-1", "eux1", "us_1"]) {
        await givenJob(store, { id: jobId(id) });
        await givenEnded(store, jobId(id), exited(0));
      }
      const found = async (text: string): Promise<JobId[]> => {
        const filter = { jobId: null, states: null, since: null, until: null, text, fingerprint: null };
        const runs = await listRuns(store, filter, { before: null, limit: 50 });
        return runs.map((run) => run.jobId).sort();
      };
      expect(await found("eu_1")).toEqual(["eu_1"]);
      expect(await found("EU_")).toEqual(["eu_1"]);
      expect(await found("u-")).toEqual(["eu-1"]);
      expect(await found("_1")).toEqual(["eu_1", "us_1"]);
      for (const nothing of ["%", "e%", "eu?1", "*", "\\", "'", '"', "eu\\_1"])
        expect(await found(nothing), nothing).toEqual([]);
      // Every run's id begins like this, so it is taken for a part of a job's id or title.
      expect(await found("run_")).toEqual([]);
    });

    test("CR-5 part of a job's title is taken to the letter, whatever the case of its ASCII letters", async () => {
      const store = await opened(open);
      for (const [index, title] of NAMES.entries()) {
        const { id } = await givenJob(store, { id: jobId(`j${index}`), title: `(${title})` });
        await givenEnded(store, id, exited(0));
      }
      const found = async (text: string): Promise<(string | undefined)[]> => {
        const filter = { jobId: null, states: null, since: null, until: null, text, fingerprint: null };
        const runs = await listRuns(store, filter, { before: null, limit: 50 });
        return runs.map((run) => NAMES[Number(run.jobId.slice(1))]).reverse();
      };
      const alike: Readonly<Record<string, readonly string[]>> = {
        eu_1: ["EU_1"],
        EU_1: ["eu_1"],
      };
      for (const name of NAMES)
        expect((await found(`(${name})`)).sort(), name).toEqual([name, ...(alike[name] ?? [])].sort());
      for (const nothing of ["(eu?1", "(%", "(_", "(eu\\_1", "('", "(ÉU_1 ", "(Éu-"])
        expect(await found(nothing), nothing).toEqual([]);
      expect(await found("éu_1")).toEqual(["éu_1"]);
      expect(await found("Éu_1")).toEqual(["ÉU_1"]);
    });

    test("CR-5 a shared lock is not taken for a job's own because of its case", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store, { id: jobId("a"), locks: ["shop"] });
      const run = await givenQueued(store, id);
      await store.write((tx) => tx.lock.create({ data: { name: "JOB:x", runId: run.id } }));
      const page = { after: null, limit: 50 };
      expect((await listLocks(store, "own", page)).map(({ name }) => name)).toEqual(["job:a"]);
      const shared = (await listLocks(store, "shared", page)).map(({ name }) => name);
      expect(shared).toEqual(["JOB:x", "shared:shop"]);
      expect((await listLocks(store, null, { ...page, after: "job:a" })).map(({ name }) => name)).toEqual([
        "shared:shop",
      ]);
    });
  });
}
