import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeRunId, type RunId } from "@/lib/domain/ids";
import type { Job } from "@/lib/domain/job";
import type { RunFilter } from "@/lib/domain/ports/runs";
import { ACTIVE_STATES, isFinal, RUN_STATES, type Run } from "@/lib/domain/run";
import { listEnded } from "@/lib/store/ended-runs";
import { idsAbove } from "@/lib/store/ids";
import { OFF_TIME_ID } from "@/lib/store/off-time";
import { fromRun } from "@/lib/store/rows";
import { listRuns } from "@/lib/store/runs";
import type { Store } from "@/lib/store/transaction";
import { aJob, aRun, jobId, T0 } from "@/test/factories";
import { memoryRepositories } from "@/test/memory/repositories";
import { turnsDuring } from "./copies";
import { givenJob, type OpenStore, opened } from "./given";
import { ANY, aWorld, expected, filters, written } from "./run-world";

export function runOrderContract(open: OpenStore): void {
  describe("the order of runs in lists", () => {
    /** Page after page, up to `pages`. */
    async function paged(
      list: (before: RunId | null) => Promise<readonly Run[]>,
      limit: number,
      pages: number,
    ) {
      const ids: RunId[] = [];
      for (let page = 0, before: RunId | null = null; page < pages; page += 1) {
        const found = (await list(before)).map(({ id }) => id);
        expect(found.length).toBeLessThanOrEqual(limit + 1);
        ids.push(...found.slice(0, limit));
        before = ids.at(-1) ?? null;
        if (found.length <= limit) return { ids, over: true };
      }
      return { ids, over: false };
    }

    for (const [name, jobCount, runCount, times] of [
      ["a few jobs", 8, 150, 150],
      ["hundreds of jobs", 450, 2_600, 150],
    ] as const) {
      test(`CR-6.7 CR-6.8 is that of ids with any filter, page by page, in a history of ${name}`, async () => {
        const store = await opened(open);
        const world = aWorld(jobCount, runCount);
        const tables = await written(store, world);
        const memory = memoryRepositories(tables, () => T0);
        const jobs = new Map(world.jobs.map((job) => [job.id as string, job]));
        const asked = fc.asyncProperty(
          filters(world),
          fc.integer({ min: 1, max: 60 }),
          async (filter, limit) => {
            const wanted = expected(world.runs, jobs, filter);
            const page = (before: string | null) => listRuns(store, filter, { before, limit });
            const { ids, over } = await paged(page, limit, 4);
            expect(ids).toEqual(wanted.slice(0, ids.length));
            expect(over).toBe(ids.length === wanted.length);
            const middle = wanted[Math.floor(wanted.length / 2)] ?? null;
            const rest = (await listRuns(store, filter, { before: middle, limit })).map(({ id }) => id);
            const from = middle === null ? 0 : wanted.indexOf(middle) + 1;
            expect(rest).toEqual(wanted.slice(from, from + limit + 1));
            const same = await memory.listRuns(filter, { before: middle, limit });
            expect(same.map(({ id }) => id)).toEqual(rest);
          },
        );
        await fc.assert(asked, { numRuns: times });
      });
    }

    test("CR-6.7 CR-6.8 of what has ended is that of ids too, the oldest first, page by page", async () => {
      const store = await opened(open);
      const world = aWorld(8, 400);
      const memory = memoryRepositories(await written(store, world), () => T0);
      const [job] = world.jobs;
      if (job === undefined) throw new Error("There is no job.");
      for (const states of [[], ["failed", "cleaned"], ["stopped"]] as const)
        for (const endedBefore of [T0, T0 + 60_000 + 1, T0 * 2]) {
          const filter = { jobId: job.id, endedBefore, states };
          const jobs = new Map([[job.id as string, job]]);
          const ended = world.runs.filter(
            ({ endedAt, state }) => isFinal(state) && (endedAt ?? 0) < endedBefore,
          );
          const wanted = expected(ended, jobs, {
            ...ANY,
            jobId: job.id,
            states: states.length === 0 ? null : states,
          });
          const ids: RunId[] = [];
          for (let after: RunId | null = null; ; after = ids.at(-1) ?? null) {
            const page = (await listEnded(store, filter, { after, limit: 7 })).map(({ run }) => run.id);
            const same = await memory.listEnded(filter, { after, limit: 7 });
            expect(same.map(({ run }) => run.id)).toEqual(page);
            ids.push(...page);
            if (page.length < 7) break;
          }
          expect(ids).toEqual(wanted.reverse());
        }
    });

    test("CR-6.8 without a text no more runs are found than are shown, wherever in the history they are", async () => {
      const store = await opened(open);
      const world = aWorld(8, 1_500);
      await written(store, world);
      const jobs = new Map(world.jobs.map((job) => [job.id as string, job]));
      const [job] = world.jobs;
      const rare = world.jobs.map(({ id }) => id).filter((id) => id.startsWith("rare."));
      const middle = T0 + 700_000;
      const filters: readonly Partial<RunFilter>[] = [
        {},
        { until: middle },
        { since: middle - 60_000, until: middle },
        { until: T0 - 1 },
        { states: ["cleaned", "timed_out"], until: middle },
        { jobId: job?.id ?? null, until: middle },
        { jobId: job?.id ?? null, states: ["cleaned"], until: middle },
        { jobId: job?.id ?? null, states: ["cleaned"], text: job?.id.toUpperCase() ?? null },
        { jobs: rare, until: middle },
        { jobs: rare, states: ["cleaned"] },
        { jobs: rare, text: "often" },
        { jobs: [] },
      ];
      for (const some of filters) {
        const filter = { ...ANY, ...some };
        let rows = 0;
        const look: Store["look"] = {
          all: <Row>(...query: Parameters<Store["look"]["all"]>) => {
            const found = store.look.all<Row>(...query);
            rows += found.length;
            return found;
          },
          one: (...query) => store.look.one(...query),
        };
        const found = await listRuns({ ...store, look }, filter, { before: null, limit: 20 });
        expect(idsOf(found)).toEqual(expected(world.runs, jobs, filter).slice(0, 21));
        // Once found and once read; of all states also which there are, of some jobs twice; of a text also the jobs that have it, of it and of
        // some jobs the newest run there is; on either side of a time also one that is off time, where there is one.
        const states = filter.states === null ? RUN_STATES.length * (filter.jobs === undefined ? 1 : 2) : 0;
        const ofText = filter.text === null ? 0 : world.jobs.filter(({ id }) => id.includes("often")).length;
        const ofJobs = filter.text === null && filter.jobs === undefined ? 0 : 1;
        const others = states + ofText + ofJobs + ((filter.since ?? filter.until) ? 2 : 0);
        expect(rows, JSON.stringify(some)).toBeLessThanOrEqual(2 * found.length + others);
      }
    });

    async function givenRuns(store: Store, runs: readonly Partial<Run>[]): Promise<Run[]> {
      const { id } = await givenJob(store);
      const made = runs.map((run) => aRun("completed", { jobId: id, ...run }));
      await store.change((db) => {
        for (const run of made) db.insert("Run", fromRun(run, false));
      });
      return made;
    }

    const at = (seconds: number, entropy: string): Partial<Run> => {
      const queuedAt = T0 + seconds * 1_000;
      return { id: makeRunId(queuedAt, entropy.padEnd(10, "0")), queuedAt };
    };
    const idsOf = (runs: readonly Run[]) => runs.map(({ id }) => id);
    const remove = (store: Store, id: RunId) =>
      store.change((db) => db.change`DELETE FROM "Run" WHERE "id" = ${id}`);

    test("E11 a page goes on where the one before ended, also when its last run was deleted since", async () => {
      const store = await opened(open);
      const runs = await givenRuns(store, [at(1, "a"), at(2, "a"), at(2, "b"), at(2, "c"), at(3, "a")]);
      const [oldest, first, second, third, newest] = idsOf(runs);
      const from = async (before: RunId | undefined) =>
        idsOf(await listRuns(store, ANY, { before: before ?? null, limit: 9 }));
      expect(await from(undefined)).toEqual([newest, third, second, first, oldest]);
      // In the middle of a moment.
      expect(await from(second)).toEqual([first, oldest]);
      await remove(store, second as RunId);
      expect(await from(second)).toEqual([first, oldest]);
      await remove(store, newest as RunId);
      expect(await from(newest)).toEqual([third, first, oldest]);
      await remove(store, oldest as RunId);
      expect(await from(oldest)).toEqual([]);
    });

    const HOUR = 3_600_000;
    const MINUTE = 60_000;

    /** A history of hours, in minutes after `T0`: until 100 the clock was right, then an hour behind, and from 160 on right again. */
    async function clockSetBack(store: Store) {
      const stamped = idsAbove({});
      const run = (minute: number, behind = 0): Partial<Run> => {
        const queuedAt = T0 + minute * MINUTE - behind;
        return { id: stamped.run(queuedAt), queuedAt, endedAt: queuedAt + 1_000 };
      };
      const right = Array.from({ length: 100 }, (_, minute) => run(minute));
      const back = Array.from({ length: 60 }, (_, minute) => run(100 + minute, HOUR));
      const later = Array.from({ length: 40 }, (_, minute) => run(160 + minute));
      // Of a time long past, among which another system's clock put it.
      const [queuedAt, endedAt] = [T0 + 30.5 * MINUTE, T0 + 31 * MINUTE];
      const imported = { id: makeRunId(queuedAt, "imported00"), queuedAt, endedAt };
      const runs = await givenRuns(store, [...right, ...back, ...later, imported]);
      return { runs, newest: idsOf(runs).sort().reverse() };
    }

    test("CR-6.7 the newest run is first also after the clock was set back, and an imported one stands at its time", async () => {
      const store = await opened(open);
      const { runs, newest } = await clockSetBack(store);
      const list = async (before: string | null, limit = 300) =>
        idsOf(await listRuns(store, ANY, { before, limit }));
      const made = idsOf(runs.slice(0, -1)).reverse();
      expect(await list(null)).toEqual(newest);
      expect((await list(null)).filter((id) => id !== runs.at(-1)?.id)).toEqual(made);
      expect(newest.indexOf(runs.at(-1)?.id as RunId)).toBe(200 - 31);
      // The cursor is a place in this order, whether its run is still there or not.
      const cursor = idsOf(runs)[130] as RunId;
      const rest = newest.slice(newest.indexOf(cursor) + 1);
      expect(await list(cursor)).toEqual(rest);
      await remove(store, cursor);
      expect(await list(cursor)).toEqual(rest);
    });

    test("CR-6.7 what was queued in a time is found across a clock that was set back, no run more and none less, page by page", async () => {
      const store = await opened(open);
      const { runs } = await clockSetBack(store);
      const [job] = runs.map(({ jobId }) => jobId);
      const filters: readonly Partial<RunFilter>[] = [
        {},
        { jobId: job ?? null },
        { states: ["completed", "failed"] },
        { text: job?.toUpperCase() ?? null },
        { text: idsOf(runs)[120]?.slice(0, 12) ?? null },
        { fingerprint: "x" },
      ];
      const times = [0, 35, 40, 60, 99, 100, 130, 160, 199].map((minute) => T0 + minute * MINUTE);
      await store.change((db) => db.change`UPDATE "Run" SET "fingerprint" = 'x'`);
      const alike = runs.map((run) => ({ ...run, fingerprint: "x" }));
      for (const some of filters)
        for (const since of [null, ...times])
          for (const until of [null, ...times.map((time) => time + 1)]) {
            const filter = { ...ANY, ...some, since, until };
            const wanted = expected(alike, new Map(), filter);
            const page = (before: string | null) => listRuns(store, filter, { before, limit: 13 });
            expect((await paged(page, 13, 99)).ids, JSON.stringify(filter)).toEqual(wanted);
          }
    });

    test("CR-6.7 the times at which ids were made and runs queued may differ as they like, and no filter by time misses one", async () => {
      const store = await opened(open);
      const time = fc.oneof(
        fc.integer({ min: -1_000, max: 1_000 }),
        fc.integer({ min: -100_000, max: 300_000 }),
        fc.integer({ min: T0 - 200_000, max: T0 + 200_000 }),
      );
      const { id } = await givenJob(store);
      const some = fc.array(fc.tuple(fc.oneof(time.map(Math.abs), fc.constant(null)), time), {
        maxLength: 12,
      });
      const instant = fc.option(time);
      const property = fc.asyncProperty(some, instant, instant, async (pairs, since, until) => {
        const runs = pairs.map(([made, queuedAt], index) =>
          aRun("completed", {
            jobId: id,
            id: makeRunId(made ?? queuedAt, `${index + 10}00000000`),
            queuedAt,
          }),
        );
        await store.change((db) => {
          db.change`DELETE FROM "Run"`;
          for (const run of runs) db.insert("Run", fromRun(run, false));
        });
        const filter = { ...ANY, since, until };
        const page = (before: string | null) => listRuns(store, filter, { before, limit: 3 });
        expect((await paged(page, 3, 99)).ids).toEqual(expected(runs, new Map(), filter));
      });
      await fc.assert(property, { numRuns: 300 });
    });

    test("CR-6.7 what is off time keeps to its index when it is queued, changed or deleted", async () => {
      const store = await opened(open);
      const { runs } = await clockSetBack(store);
      const off = () => store.look.all<{ id: RunId }>`
        SELECT ${OFF_TIME_ID} AS "id" FROM "Run" INDEXED BY "Run_offTime_idx" WHERE ${OFF_TIME_ID} > '' ORDER BY ${OFF_TIME_ID}`;
      // The last one was queued in the minute in which the clock had been when it was set back.
      const back = idsOf(runs.slice(100, 159));
      expect(off().map(({ id }) => id)).toEqual(back);
      const [first, second] = back as [RunId, RunId];
      await store.change(
        (db) => db.change`UPDATE "Run" SET "queuedAt" = "queuedAt" + ${HOUR - MINUTE} WHERE "id" = ${first}`,
      );
      await remove(store, second);
      expect(off().map(({ id }) => id)).toEqual(back.slice(2));
    });

    test("CR-6.7 what has ended is found whatever the clock was when it was queued, the oldest first, page by page", async () => {
      const store = await opened(open);
      const { runs } = await clockSetBack(store);
      const [job] = runs;
      for (const minute of [0, 31, 45, 100, 101, 160, 300]) {
        const endedBefore = T0 + minute * MINUTE;
        const filter = { jobId: job?.jobId ?? jobId("none"), endedBefore, states: [] };
        const wanted = runs.filter(({ endedAt }) => (endedAt ?? 0) < endedBefore);
        const ids: RunId[] = [];
        for (let after: RunId | null = null; ; after = ids.at(-1) ?? null) {
          const page = (await listEnded(store, filter, { after, limit: 7 })).map(({ run }) => run.id);
          ids.push(...page);
          if (page.length < 7) break;
        }
        expect(ids).toEqual(idsOf(wanted).sort());
      }
    });

    test("CR-6.8 the run at the edge of a slice is in it", async () => {
      const store = await opened(open);
      const runs = Array.from({ length: 600 }, (_, index) => ({
        ...at(index, "s"),
        state: index === 100 || index === 99 ? ("failed" as const) : ("completed" as const),
        fingerprint: "x",
      }));
      const made = await givenRuns(store, runs);
      const filter: RunFilter = { ...ANY, fingerprint: "x", states: ["failed"] };
      const found = await listRuns(store, filter, { before: null, limit: 9 });
      expect(idsOf(found)).toEqual([made[100]?.id, made[99]?.id]);
    });

    test("a run whose id and whose job have the text is there once", async () => {
      const store = await opened(open);
      const run = aRun("completed", { ...at(1, "a"), jobId: jobId(String(at(1, "a").id).slice(4, 14)) });
      await written(store, { jobs: [aJob({ id: run.jobId })], runs: [run] });
      const filter = { ...ANY, text: run.jobId };
      expect(idsOf(await listRuns(store, filter, { before: null, limit: 9 }))).toEqual([run.id]);
    });

    test("CR-6.8 what many jobs have that rested for long is found, however much came since, with turns for others", async () => {
      const store = await opened(open);
      const resting = Array.from({ length: 1_100 }, (_, index) => aJob({ id: jobId(`rest-${index}`) }));
      const busy = aJob({ id: jobId("busy") });
      // The newest of them are of jobs from all over the alphabet, and one has run again since.
      const old = resting.map(({ id }, index) =>
        aRun("failed", { jobId: id, ...at((index * 7) % 1_100, "r") }),
      );
      const since = Array.from({ length: 3_000 }, (_, index) =>
        aRun("completed", {
          jobId: (index === 2_500 ? resting[7] : busy)?.id ?? busy.id,
          ...at(2_000 + index, "b"),
        }),
      );
      await written(store, { jobs: [...resting, busy], runs: [...old, ...since] });
      const filter = { ...ANY, text: "REST-" };
      const wanted = [since[2_500], ...old.toSorted((one, other) => other.queuedAt - one.queuedAt)].map(
        (run) => run?.id,
      );
      const turns = await turnsDuring(async () => {
        const first = idsOf(await listRuns(store, filter, { before: null, limit: 30 }));
        expect(first).toEqual(wanted.slice(0, 31));
        const last = idsOf(await listRuns(store, filter, { before: wanted.at(-6) ?? null, limit: 30 }));
        expect(last).toEqual(wanted.slice(-5));
      });
      expect(turns).toBeGreaterThanOrEqual(7);
      expect(
        await listRuns(store, { ...filter, states: [...ACTIVE_STATES] }, { before: null, limit: 30 }),
      ).toEqual([]);
    });

    test("CR-6.8 what is queued while a text is looked for is left to the next look, so nothing newer is missing", async () => {
      const store = await opened(open);
      const jobs = Array.from({ length: 250 }, (_, index) => aJob({ id: jobId(`rest-${1_000 + index}`) }));
      const failed = (job: Job | undefined, seconds: number) =>
        aRun("failed", { jobId: job?.id ?? jobId("none"), ...at(seconds, "r") });
      const old = jobs.map((job, index) => failed(job, index));
      await written(store, { jobs, runs: old });
      // The first of them is of a job that has been asked by then, the second of one that has not.
      const newer = [failed(jobs[0], 1_000), failed(jobs.at(-1), 1_001)];
      const come: Promise<void>[] = [];
      const all: Store["look"]["all"] = <Row>(...query: Parameters<Store["look"]["all"]>) => {
        const found = store.look.all<Row>(...query);
        if (come.length === 0 && query[0].join("").includes("RECURSIVE"))
          come.push(
            store.change((db) => {
              for (const run of newer) db.insert("Run", fromRun(run, false));
            }),
          );
        return found;
      };
      const filter: RunFilter = { ...ANY, text: "rest-", states: ["failed"] };
      const page = { before: null, limit: 5 };
      const found = await listRuns({ ...store, look: { ...store.look, all } }, filter, page);
      expect(come).toHaveLength(1);
      await Promise.all(come);
      const wanted = [...old, ...newer].reverse();
      expect(idsOf(found)).toEqual(idsOf(wanted.slice(2, 8)));
      expect(idsOf(await listRuns(store, filter, page))).toEqual(idsOf(wanted.slice(0, 6)));
    });
  });
}
