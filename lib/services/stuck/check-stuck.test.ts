import { describe, expect, test } from "vitest";
import type { RunId } from "@/lib/domain/ids";
import type { Run, RunState } from "@/lib/domain/run";
import type { RecoveryVerdict } from "@/lib/domain/verdict";
import { aJob, aRun, jobId, T0 } from "@/test/factories";
import { type CheckNeeds, checkStuck } from "./check-stuck";

const DAY = 86_400_000;

/** A job with one run; `verdict` is given by what the run says of its progress. */
function stuckRun(job: string, verdict: "dead" | "resumable", state: RunState = "interrupted"): Run {
  const progress = verdict === "dead" ? null : { extracted: 5, skipped: 0, total: null, message: null };
  return aRun(state, { jobId: jobId(job), progress });
}

function given(
  runs: readonly Run[],
  policies: Readonly<Record<string, "alert" | "clean">>,
  ageMs = 2 * DAY,
  superseded: ReadonlySet<RunId> = new Set(),
) {
  const saved: Parameters<CheckNeeds["saveStuckCheck"]>[] = [];
  const ordered: string[][] = [];
  const verdicts = new Map<RunId, RecoveryVerdict>();
  let last: { readonly runs: readonly string[] } | null = null;
  const newestFirst = [...runs].sort((a, b) => (a.id < b.id ? 1 : -1));
  const ctx: CheckNeeds = {
    now: () => T0 + ageMs,
    live: () => null,
    readState: async () => ({ found: "none", path: null }) as const,
    newAlertId: (now) => `alert_${now}`,
    stopped: () => false,
    listUnfinished: async () => [],
    listUnsettled: async (_filter, { before, limit }) =>
      newestFirst.filter(({ id }) => before === null || id < before).slice(0, limit + 1),
    newestAmong: async (ids) => new Set(ids.filter((id) => !superseded.has(id))),
    saveVerdicts: async (read) => {
      for (const { runId, verdict } of read) verdicts.set(runId, verdict);
    },
    findJob: async (id) => ({ job: aJob({ id, onStuck: policies[id] ?? "alert" }), newest: null }),
    toldRuns: async () => last?.runs ?? [],
    saveStuckCheck: async (...check) => {
      saved.push(check);
      last = check[1] ?? last;
    },
    cleanByPolicy: async (jobs) => {
      ordered.push(jobs.map(({ id }) => id));
      return jobs.map(({ id }) => ({ plan: { id: `plan_${id}` } }));
    },
  };
  return { ctx, saved, ordered, verdicts };
}

describe("E7 the periodic check", () => {
  test("has cleaned what jobs say may be cleaned: dead, interrupted and old enough, and nothing else", async () => {
    const runs = [
      stuckRun("cleans", "dead"),
      stuckRun("cleans-not-resumable", "resumable"),
      stuckRun("cleans-not-failed", "dead", "failed"),
      stuckRun("alerts-only", "dead"),
    ];
    const policies = {
      cleans: "clean",
      "cleans-not-resumable": "clean",
      "cleans-not-failed": "clean",
    } as const;
    const { ctx, ordered, saved } = given(runs, policies);
    const check = await checkStuck(ctx);
    expect(ordered).toEqual([["cleans"]]);
    expect(check).toMatchObject({ plans: ["plan_cleans"], counts: { dead: 1, resumable: 1 }, found: 2 });
    expect(saved[0]?.[1]?.runs).toEqual([runs[3]?.id, runs[1]?.id]);
  });

  test("leaves the young ones of such a job alone", async () => {
    const { ctx, ordered } = given([stuckRun("cleans", "dead")], { cleans: "clean" }, DAY / 2);
    expect(await checkStuck(ctx)).toMatchObject({ plans: [], counts: { dead: 1 } });
    expect(ordered).toEqual([]);
  });

  test("reads every page and keeps what it read", async () => {
    const runs = Array.from({ length: 250 }, (_, n) => stuckRun(`job-${n}`, n % 2 ? "dead" : "resumable"));
    const { ctx, verdicts, saved } = given(runs, {});
    expect(await checkStuck(ctx)).toMatchObject({ counts: { dead: 125, resumable: 125 }, found: 250 });
    expect(verdicts.size).toBe(250);
    expect(saved[0]?.[1]?.title).toBe("250 runs are stuck: 125 resumable, 125 dead");
  });

  test("UX-A2 counts a superseded run as nothing else, raises no alert for it, and cleans it where its job says so", async () => {
    const runs = [stuckRun("alerts-only", "resumable"), stuckRun("cleans", "dead")];
    const { ctx, ordered, saved } = given(
      runs,
      { cleans: "clean" },
      2 * DAY,
      new Set(runs.map(({ id }) => id)),
    );
    const check = await checkStuck(ctx);
    expect(check).toMatchObject({ counts: { resumable: 0, dead: 0, superseded: 1 }, alert: null });
    expect(ordered).toEqual([["cleans"]]);
    expect(saved[0]?.[1]).toBeNull();
  });

  test("tells the same runs once", async () => {
    const { ctx, saved } = given([stuckRun("told", "dead")], {});
    await checkStuck(ctx);
    await checkStuck(ctx);
    expect(saved.map(([, alert]) => alert !== null)).toEqual([true, false]);
  });

  test("begins anew with the next dashboard when this one goes down", async () => {
    const { ctx, saved } = given([stuckRun("half", "dead")], {});
    expect(await checkStuck({ ...ctx, stopped: () => true })).toBeNull();
    expect(saved).toEqual([]);
  });
});
