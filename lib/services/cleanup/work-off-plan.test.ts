import { describe, expect, test } from "vitest";
import type { Leftovers } from "@/lib/domain/ports/plans";
import type { StateFacts } from "@/lib/domain/recovery";
import { aContext, actionsOf } from "@/test/a-context";
import { aRun, jobId, T0 } from "@/test/factories";
import { anApplyingPlan, anItem } from "@/test/plans";
import { workOffPlan } from "./work-off-plan";

const DATA: StateFacts = { found: "data", path: "/s", bytes: 9, modifiedAt: T0, summary: null };
const never = new AbortController().signal;
const others = { passes: () => false, removeLeftovers: async () => ({ removed: ["log"], problems: [] }) };
const results = (ctx: ReturnType<typeof aContext>) => ctx.saved.items.map(({ result }) => result);

describe("a clean-up is carried out", () => {
  test("item by item, each audited with who applied it, and the plan is over then", async () => {
    const runs = [aRun("interrupted", { jobId: jobId("a") }), aRun("interrupted", { jobId: jobId("b") })];
    const plan = anApplyingPlan({ appliedBy: "anna", reason: "Monday." });
    const ctx = aContext({ runs, plans: [plan], items: runs.map((run) => anItem(plan, run)), at: T0 + 9 });
    await workOffPlan({ ...ctx, ...others }, plan, never);
    expect([...ctx.saved.runs.values()].map(({ state }) => state)).toEqual(["cleaned", "cleaned"]);
    expect(results(ctx)).toEqual(["done", "done"]);
    expect(ctx.saved.plans.get(plan.id)).toMatchObject({ state: "applied", finishedAt: T0 + 9 });
    expect(ctx.saved.audits).toMatchObject([
      {
        actor: "anna",
        action: "run.cleaned",
        runId: runs[0]?.id,
        details: { planId: plan.id, because: "Monday." },
      },
      { actor: "anna", action: "run.cleaned", runId: runs[1]?.id },
    ]);
  });

  test("only where a run is still what it was: made progress, went on or was settled, it is left alone", async () => {
    const dead = aRun("interrupted", { jobId: jobId("a") });
    const changed = aRun("interrupted", { jobId: jobId("b") });
    const settled = aRun("interrupted", { jobId: jobId("c"), unsettled: false });
    const gone = aRun("interrupted", { jobId: jobId("d") });
    const plan = anApplyingPlan();
    const items = [
      anItem(plan, dead),
      anItem(plan, changed, { runVersion: 1 }),
      anItem(plan, settled),
      anItem(plan, gone),
    ];
    const ctx = aContext({
      runs: [dead, changed, settled],
      plans: [plan],
      items,
      readState: async () => DATA,
    });
    await workOffPlan({ ...ctx, ...others }, plan, never);
    expect(results(ctx)).toEqual(["skipped", "skipped", "skipped", "skipped"]);
    expect(ctx.saved.items.map(({ detail }) => detail)).toEqual([
      expect.stringContaining("resumable now"),
      expect.stringContaining("changed"),
      expect.stringContaining("settled"),
      expect.stringContaining("deleted"),
    ]);
    expect(ctx.saved.audits).toEqual([]);
  });

  test("of a run that was active only once its process is proven gone", async () => {
    const running = aRun("running");
    const plan = anApplyingPlan();
    const given = () => aContext({ runs: [running], plans: [plan], items: [anItem(plan, running)] });
    const alive = given();
    await workOffPlan({ ...alive, ...others }, plan, never);
    expect(alive.saved.runs.get(running.id)).toEqual(running);
    expect(results(alive)).toEqual(["skipped"]);
    const over = given();
    const lost = { type: "lost", cause: "exit_unknown", reason: "Gone.", endedAt: null } as const;
    const verify = async () => (await over.applyEvent(running.id, lost)).ok;
    await workOffPlan({ ...over, ...others, verify }, plan, never);
    expect(over.saved.runs.get(running.id)?.state).toBe("cleaned");
  });

  test("no further than an abort lets it", async () => {
    const runs = [aRun("interrupted", { jobId: jobId("a") }), aRun("interrupted", { jobId: jobId("b") })];
    const plan = anApplyingPlan();
    const ctx = aContext({ runs, plans: [plan], items: runs.map((run) => anItem(plan, run)) });
    const readState = async (): Promise<StateFacts> => {
      if (results(ctx).includes("done"))
        await ctx.changePlan(plan.id, (now) => ({ ...now, state: "aborted" }), null);
      return { found: "none", path: null };
    };
    await workOffPlan({ ...ctx, ...others, readState }, plan, never);
    expect(results(ctx)).toEqual(["done", "planned"]);
    expect(ctx.saved.plans.get(plan.id)?.state).toBe("aborted");
  });

  test("and an abort that comes after the last item still counts", async () => {
    const run = aRun("interrupted");
    const plan = anApplyingPlan();
    const ctx = aContext({ runs: [run], plans: [plan], items: [anItem(plan, run)] });
    const cleanItem: typeof ctx.cleanItem = async (...given) => {
      const outcome = await ctx.cleanItem(...given);
      await ctx.changePlan(plan.id, (now) => ({ ...now, state: "aborted" }), null);
      return outcome;
    };
    await workOffPlan({ ...ctx, ...others, cleanItem }, plan, never);
    expect(ctx.saved.plans.get(plan.id)?.state).toBe("aborted");
  });

  test("and gone on with by the next dashboard after a shutdown", async () => {
    const runs = [aRun("interrupted", { jobId: jobId("a") }), aRun("interrupted", { jobId: jobId("b") })];
    const plan = anApplyingPlan();
    const ctx = aContext({ runs, plans: [plan], items: runs.map((run) => anItem(plan, run)) });
    const stopping = new AbortController();
    const readState = async (): Promise<StateFacts> => {
      stopping.abort();
      return { found: "none", path: null };
    };
    await workOffPlan({ ...ctx, ...others, readState }, plan, stopping.signal);
    expect(results(ctx)).toEqual(["done", "planned"]);
    expect(ctx.saved.plans.get(plan.id)?.state).toBe("applying");
    await workOffPlan({ ...ctx, ...others }, plan, never);
    expect(results(ctx)).toEqual(["done", "done"]);
  });

  test("page after page, with no item left out between two of them", async () => {
    const runs = Array.from({ length: 201 }, (_, i) => aRun("interrupted", { jobId: jobId(`a${i}`) }));
    const plan = anApplyingPlan();
    const ctx = aContext({ runs, plans: [plan], items: runs.map((run) => anItem(plan, run)) });
    await workOffPlan({ ...ctx, ...others }, plan, never);
    expect(results(ctx)).toEqual(runs.map(() => "done"));
  });

  test("past an item that cannot be dealt with, which says why; what passes is tried again as a whole", async () => {
    const runs = [aRun("interrupted", { jobId: jobId("a") }), aRun("interrupted", { jobId: jobId("b") })];
    const plan = anApplyingPlan();
    const items = runs.map((run) => anItem(plan, run));
    const ctx = aContext({ runs, plans: [plan], items });
    const findRun: typeof ctx.findRun = async (id) => {
      if (id === runs[0]?.id) throw new Error("its row is damaged");
      return ctx.findRun(id);
    };
    await expect(
      workOffPlan({ ...ctx, ...others, findRun, passes: () => true }, plan, never),
    ).rejects.toThrow("damaged");
    expect(results(ctx)).toEqual(["planned", "planned"]);
    await workOffPlan({ ...ctx, ...others, findRun }, plan, never);
    expect(ctx.saved.items).toMatchObject([
      { result: "failed", detail: expect.stringContaining("its row is damaged") },
      { result: "done" },
    ]);
  });
});

describe("a deletion is carried out", () => {
  const [old, newest] = [aRun("completed"), aRun("completed")];
  const plan = anApplyingPlan({ kind: "delete", reason: "Space." });
  const given = (item = anItem(plan, old)) => aContext({ runs: [old, newest], plans: [plan], items: [item] });

  test("rows first, then the files that the audit row names", async () => {
    const ctx = given();
    const asked: Leftovers[] = [];
    const removeLeftovers = async (leftovers: Leftovers) => {
      expect(ctx.saved.runs.has(old.id)).toBe(false);
      asked.push(leftovers);
      return { removed: ["log"], problems: [] };
    };
    await workOffPlan({ ...ctx, ...others, removeLeftovers }, plan, never);
    expect(asked).toMatchObject([{ runId: old.id, lineageId: old.lineageId, cwd: "/" }]);
    expect(ctx.saved.items).toMatchObject([{ result: "done", detail: "Deleted, with log." }]);
    expect(ctx.saved.audits).toMatchObject([
      { action: "run.deleted", reason: "Space.", details: { planId: plan.id, leftovers: asked[0] } },
    ]);
  });

  test("says when it had no files, and when not all of them could be removed", async () => {
    const none = given();
    const removeNothing = async () => ({ removed: [], problems: [] });
    await workOffPlan({ ...none, ...others, removeLeftovers: removeNothing }, plan, never);
    expect(none.saved.items[0]?.detail).toBe("Deleted. It had no files.");
    const some = given();
    const removeLeftovers = async () => ({ removed: ["log"], problems: ["state: no permission"] });
    await workOffPlan({ ...some, ...others, removeLeftovers }, plan, never);
    expect(some.saved.items[0]).toMatchObject({
      result: "failed",
      detail: expect.stringContaining("no permission"),
    });
  });

  test("leaves a run that was changed since or is the newest by now, files and all", async () => {
    for (const item of [anItem(plan, old, { runVersion: 1 }), anItem(plan, newest)]) {
      const ctx = given(item);
      const removeLeftovers = () => Promise.reject(new Error("removed files"));
      await workOffPlan({ ...ctx, ...others, removeLeftovers }, plan, never);
      expect(results(ctx)).toEqual(["skipped"]);
      expect(ctx.saved.runs.size).toBe(2);
      expect(actionsOf(ctx)).toEqual([]);
    }
  });

  test("goes on with the files of a run whose rows an earlier dashboard had deleted", async () => {
    const ctx = given();
    const crash = () => Promise.reject(new Error("the dashboard died"));
    await expect(
      workOffPlan({ ...ctx, ...others, removeLeftovers: crash, passes: () => true }, plan, never),
    ).rejects.toThrow("died");
    await workOffPlan({ ...ctx, ...others }, plan, never);
    expect(results(ctx)).toEqual(["done"]);
    expect(actionsOf(ctx)).toEqual(["run.deleted"]);
  });
});
