import { describe, expect, test } from "vitest";
import type { PlanId } from "@/lib/domain/ids";
import { newestAlert, writeAlert } from "@/lib/store/alerts";
import { MOST_REFUSALS } from "@/lib/store/refusals";
import { dropOld, KEPT } from "@/lib/store/retention";
import { applyEvent } from "@/lib/store/run-changes";
import { listEvents } from "@/lib/store/run-events";
import { readStuckCheck, saveStuckCheck, toldRuns } from "@/lib/store/stuck-checks";
import type { Store } from "@/lib/store/transaction";
import { T0 } from "@/test/factories";
import { apply, audit, exited, givenJob, givenRunning, type OpenStore, opened, STOP } from "./given";

const DAY = 86_400_000;

export function growthContract(open: OpenStore): void {
  describe("what repeats or grows old", () => {
    async function givenEnded(store: Store) {
      const { id } = await givenJob(store);
      const run = await givenRunning(store, id);
      return apply(store, run.id, exited(0));
    }

    test("CR-6.13 an event that is refused again and again is one row that counts, with the first and the last time", async () => {
      const store = await opened(open);
      const run = await givenEnded(store);
      for (let time = 0; time < 30; time += 1) await applyEvent(store, run.id, STOP, T0 + time * 60_000);
      await applyEvent(store, run.id, exited(1), T0 + DAY);
      await applyEvent(store, run.id, STOP, T0 + 2 * DAY);
      const refused = (await listEvents(store, run.id, { after: 0, limit: 200 })).filter(
        ({ type }) => type === "refused",
      );
      expect(refused).toMatchObject([
        {
          at: T0,
          data: { event: "stop_requested", times: 30, lastAt: new Date(T0 + 29 * 60_000).toISOString() },
        },
        { data: { event: "exited" } },
        { data: { event: "stop_requested" } },
      ]);
    });

    test("CR-6.13 refusals of many kinds take turns in a limited number of rows, and none of them is lost from the count", async () => {
      const store = await opened(open);
      const run = await givenEnded(store);
      const asked = 3 * MOST_REFUSALS;
      for (let time = 0; time < asked; time += 1)
        await applyEvent(store, run.id, time % 2 === 0 ? STOP : exited(1), T0 + time);
      const refused = (await listEvents(store, run.id, { after: 0, limit: 500 })).filter(
        ({ type }) => type === "refused",
      );
      expect(refused).toHaveLength(MOST_REFUSALS);
      const times = refused.map(({ data }) => Number(data.times ?? 1));
      expect(times.reduce((sum, one) => sum + one, 0)).toBe(asked);
    });

    test("CR-6.13 an alert names a few runs, and the next check still knows all that were told", async () => {
      const store = await opened(open);
      const runs = Array.from({ length: 5_000 }, (_, index) => `run_${String(index).padStart(20, "0")}`);
      const alert = {
        kind: "stuck",
        title: "5000 runs",
        detail: "",
        job: null,
        counts: { dead: 5_000 },
      } as const;
      // As an earlier version wrote it: all runs in the alert.
      await store.change((db) =>
        writeAlert(db, { ...alert, id: "alert_0", at: T0, runs: runs.slice(0, 99) }),
      );
      expect(await toldRuns(store)).toEqual(runs.slice(0, 99));
      await saveStuckCheck(
        store,
        5_000,
        { ...alert, id: "alert_1", at: T0, runs },
        audit("stuck.checked"),
        T0,
      );
      expect((await newestAlert(store, "stuck"))?.runs).toEqual(runs.slice(0, 20));
      expect(await toldRuns(store)).toEqual(runs);
      await saveStuckCheck(store, 5_000, null, audit("stuck.checked"), T0 + 1);
      expect(await toldRuns(store)).toEqual(runs);
      expect(await readStuckCheck(store)).toEqual({ at: T0 + 1, found: 5_000 });
    });

    test("CR-6.13 what is old goes, page by page and counted; what is young, open or under way stays", async () => {
      const store = await opened(open);
      const now = T0 + 1_000 * DAY;
      const at = (days: number) => new Date(now - days * DAY);
      const plan = (id: string, days: number, state: string, applied = true) => ({
        id: `plan_${id}`,
        kind: "cleanup",
        state,
        trigger: "manual",
        actor: "operator",
        filter: '{"jobs":[],"tags":[],"runs":[],"states":[],"appliedBy":null}',
        createdAt: at(days),
        appliedAt: applied ? at(days) : null,
      });
      const item = (planId: string, index: number) => ({
        planId: `plan_${planId}`,
        runId: `run_${String(index).padStart(20, "0")}`,
        jobId: "nightly",
        action: "clean",
        why: "",
        runState: "interrupted",
        runVersion: 1,
        evidence: "[]",
        ageMs: 1n,
        result: "done",
      });
      const note = (id: string, days: number | null) => ({
        id: `alert_${id}`,
        at: at(500),
        kind: "stuck",
        title: "",
        detail: "",
        data: "{}",
        acknowledgedAt: days === null ? null : at(days),
      });
      await store.write(async (tx) => {
        await tx.plan.createMany({
          data: [
            plan("old", 401, "applied"),
            plan("running", 401, "applying"),
            plan("kept", 399, "applied"),
            plan("unused", 31, "ready", false),
            plan("young", 29, "ready", false),
          ],
        });
        await tx.planItem.createMany({
          data: Array.from({ length: 2_500 }, (_, index) => item("old", index)),
        });
        await tx.planItem.createMany({
          data: ["running", "kept", "unused", "young"].map((id) => item(id, 0)),
        });
        await tx.alert.createMany({ data: [note("old", 91), note("young", 89), note("open", null)] });
        const rows = Array.from({ length: 1_200 }, () => ({
          at: at(401),
          actor: "a",
          action: "old",
          details: "{}",
        }));
        await tx.audit.createMany({
          data: [...rows, { at: at(399), actor: "a", action: "kept", details: "{}" }],
        });
      });
      const counts = { alerts: 1, plans: 2, planItems: 2_501, auditRows: 1_200, slots: 0 };
      expect(await dropOld(store, now)).toEqual(counts);
      const plans = await store.read.plan.findMany({ orderBy: { id: "asc" } });
      expect(plans.map(({ id }) => id as PlanId)).toEqual(["plan_kept", "plan_running", "plan_young"]);
      expect(await store.read.planItem.count()).toBe(3);
      const alerts = await store.read.alert.findMany({ orderBy: { id: "asc" } });
      expect(alerts.map(({ id }) => id)).toEqual(["alert_open", "alert_young"]);
      const [kept, cut, told] = await store.read.audit.findMany({ orderBy: { id: "asc" } });
      expect(kept?.action).toBe("kept");
      expect(cut).toMatchObject({ action: "audit.cut", details: JSON.stringify({ below: kept?.id }) });
      expect(told).toMatchObject({ action: "retention.dropped", details: JSON.stringify(counts) });
      // Nothing is left to drop, so nothing is told.
      expect(await dropOld(store, now)).toEqual({
        alerts: 0,
        plans: 0,
        planItems: 0,
        auditRows: 0,
        slots: 0,
      });
      expect(await store.read.audit.count()).toBe(3);
    });

    test("CR-6.13 alerts that nobody acknowledges are limited in number, and the newest stay", async () => {
      const store = await opened(open);
      const data = Array.from({ length: KEPT.alertsMost + 3 }, (_, index) => ({
        id: `alert_${String(index).padStart(20, "0")}`,
        at: new Date(T0),
        kind: "stuck",
        title: "",
        detail: "",
        data: "{}",
      }));
      await store.write((tx) => tx.alert.createMany({ data }));
      expect(await dropOld(store, T0)).toMatchObject({ alerts: 3 });
      expect((await store.read.alert.findFirst({ orderBy: { id: "asc" } }))?.id).toBe(data[3]?.id);
    });
  });
}
