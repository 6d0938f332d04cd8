import { expect, test } from "vitest";
import { isAppError } from "@/lib/domain/errors";
import type { JobId } from "@/lib/domain/ids";
import { makeRunId } from "@/lib/domain/ids";
import type { Run } from "@/lib/domain/run";
import { insertAdopted } from "@/lib/store/adopt-run";
import { findImported, insertImported } from "@/lib/store/imports";
import { findJob, insertJob } from "@/lib/store/jobs";
import { listLocks } from "@/lib/store/lock-list";
import { listEvents } from "@/lib/store/run-events";
import { findRun, listRuns } from "@/lib/store/runs";
import type { Store } from "@/lib/store/transaction";
import { aJob, aQueuedRun, aRun, jobId, T0 } from "../../factories";
import { type OpenStore, opened } from "./given";

const AUDIT = { actor: "operator", action: "runs.imported" };
const EVERYTHING = { jobId: null, states: null, since: null, until: null, text: null, fingerprint: null };

/** As an import makes it, with something in every column that can hold something. */
function imported(externalId: string, startedAt: number, changes: Partial<Run> = {}): Run {
  const id = makeRunId(startedAt, "0000000000");
  return {
    ...aRun("interrupted"),
    id,
    lineageId: id,
    cause: "imported",
    trigger: "import",
    reason: `it's "quoted" and ünïcode\n{"json":true}`,
    exitCode: 0,
    queuedAt: startedAt,
    startedAt,
    endedAt: startedAt + 5,
    lastLifeAt: startedAt + 4,
    progress: { extracted: 7, skipped: null, total: 9, message: null },
    usualGapMs: 12,
    unsettled: true,
    verdict: "resumable",
    verdictAt: T0,
    imported: { source: "legacy", externalId },
    ...changes,
  };
}

async function given(store: Store, ...ids: JobId[]): Promise<void> {
  for (const id of ids)
    await insertJob(store, aJob({ id }), {}, { actor: "operator", action: "job.created" });
}

async function newestOf(store: Store, id: string) {
  return (await findJob(store, jobId(id)))?.newest?.id ?? null;
}

export function importsContract(open: OpenStore): void {
  test("an imported run is read back as it was written, with its event", async () => {
    const store = await opened(open);
    await given(store, jobId("nightly"));
    const run = imported("a", T0);
    expect(await insertImported(store, [run], AUDIT, T0)).toEqual(new Set([run.id]));
    expect(await findRun(store, run.id)).toEqual(run);
    const [event] = await listEvents(store, run.id, { after: 0, limit: 9 });
    expect(event).toMatchObject({ at: T0, type: "imported", data: { externalId: "a", source: "legacy" } });
    expect(await findImported(store, "legacy", ["a", "b"])).toEqual(
      new Map([["a", { run: run.id, job: run.jobId }]]),
    );
    expect(await findImported(store, "other", ["a"])).toEqual(new Map());
    // By time too, which is a comparison of what the column really holds.
    expect(await listRuns(store, { ...EVERYTHING, since: T0 }, { before: null, limit: 9 })).toHaveLength(1);
    expect(await listRuns(store, { ...EVERYTHING, until: T0 }, { before: null, limit: 9 })).toHaveLength(0);
  });

  test("more rows than one statement takes go in whole, and those that are there or have no job stay out", async () => {
    const store = await opened(open);
    await given(store, jobId("nightly"));
    const runs = Array.from({ length: 120 }, (_, index) => imported(`r${index}`, T0 + index));
    await insertImported(store, runs.slice(0, 3), AUDIT, T0);
    const orphan = imported("orphan", T0 - 1, { jobId: jobId("deleted") });
    const written = await insertImported(store, [...runs, orphan], AUDIT, T0);
    expect(written).toEqual(new Set(runs.slice(3).map(({ id }) => id)));
    expect(await listRuns(store, EVERYTHING, { before: null, limit: 200 })).toHaveLength(120);
  });

  test("the newest imported run is a job's newest only where it has no run of its own", async () => {
    const store = await opened(open);
    await given(store, jobId("nightly"), jobId("own"));
    const own = aQueuedRun(aJob({ id: jobId("own") }));
    await insertAdopted(
      store,
      own.jobId,
      () => adopted(own),
      {},
      () => AUDIT,
      T0,
    );
    const later = T0 + 1_000_000;
    const [a, b, c] = [imported("a", T0 + 5), imported("b", T0 + 9), imported("c", T0 + 7)];
    await insertImported(store, [a, b, c, imported("d", later, { jobId: own.jobId })], AUDIT, T0);
    expect(await newestOf(store, "nightly")).toBe(b.id);
    expect(await newestOf(store, "own")).toBe(own.id);
    const [older, newer] = [imported("e", T0 + 1), imported("f", later + 1)];
    await insertImported(store, [older], AUDIT, T0);
    expect(await newestOf(store, "nightly")).toBe(b.id);
    await insertImported(store, [newer], AUDIT, T0);
    expect(await newestOf(store, "nightly")).toBe(newer.id);
  });

  test("an adoption holds the job's locks from the start, or changes nothing", async () => {
    const store = await opened(open);
    await given(store, jobId("first"), jobId("second"));
    const first = adopted(aQueuedRun(aJob({ id: jobId("first"), locks: ["site"] })));
    const second = adopted(aQueuedRun(aJob({ id: jobId("second"), locks: ["site"] })));
    const adopt = (run: Run) =>
      insertAdopted(
        store,
        run.jobId,
        () => run,
        {},
        () => AUDIT,
        T0,
      );
    expect(await adopt(first)).toMatchObject({ run: { id: first.id } });
    const held = await listLocks(store, null, { after: null, limit: 9 });
    expect(held.map(({ name }) => name).sort()).toEqual(["job:first", "shared:site"]);
    expect(await adopt(first)).toEqual({ active: first.id });
    const refused = await adopt(second).catch((error: unknown) => error);
    expect(isAppError(refused) && refused.code).toBe("STRAY_REFUSED");
    expect(isAppError(refused) && refused.message).toContain(`shared:site`);
    expect(await findRun(store, second.id)).toBeNull();
    expect(await newestOf(store, "second")).toBeNull();
    expect(
      await insertAdopted(
        store,
        jobId("nobody"),
        () => second,
        {},
        () => AUDIT,
        T0,
      ),
    ).toBeNull();
  });
}

function adopted(run: Run): Run {
  return { ...run, state: "running", trigger: "adopt", startedAt: T0, claimedAt: T0 };
}
