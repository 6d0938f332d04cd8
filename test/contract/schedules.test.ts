import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { ScheduleId } from "@/lib/domain/ids";
import { NO_DAYS_OFF, type Schedule, USUAL_MISSED } from "@/lib/domain/schedule";
import { openStore } from "@/lib/store/open";
import { dropOld, KEPT } from "@/lib/store/retention";
import { findNextDue, findSchedule, insertSchedule, listDue } from "@/lib/store/schedules";
import { listOpenSlots, listSlots, settleSlot, takeSlots } from "@/lib/store/slots";
import type { Store } from "@/lib/store/transaction";
import { aJob, T0 } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";
import { givenJob } from "./store/given";

let store: Store;
beforeEach(async () => {
  const opened = await openStore(process.cwd(), `${temporaryFolder()}/unstuck.db`);
  onTestFinished(() => opened.close());
  store = opened;
});

const audit = (action: string) => ({ actor: "test", action });
const at = (slot: number) => ({ slot, dueAt: slot });
const due = (slot: number) => ({ slot, state: "due", why: null, count: 1, audit: null }) as const;

function aSchedule(id: string, changes: Partial<Schedule> = {}): Schedule {
  return {
    ...{ id: id as ScheduleId, jobId: aJob().id, title: null, timezone: "UTC", daysOff: NO_DAYS_OFF },
    when: { by: "interval", everyMs: 1_000, from: T0 },
    ...{ startsAt: null, endsAt: null, jitterMs: 0, enabled: true, missed: USUAL_MISSED },
    ...{
      overlap: "skip",
      mode: "auto",
      args: null,
      parameters: null,
      version: 1,
      createdAt: T0,
      updatedAt: T0,
    },
    ...changes,
  };
}

test("a schedule is what was saved", async () => {
  await givenJob(store);
  const schedule = aSchedule("sch_1", {
    ...{ title: "Nightly", when: { by: "cron", expression: "0 3 * * *" }, timezone: "Europe/Vienna" },
    ...{ daysOff: { dates: ["2026-12-24"], weekdays: [0] }, startsAt: T0, endsAt: T0 + 9, jitterMs: 5 },
    ...{ enabled: false, missed: { policy: "all", most: 3 }, overlap: "queue", mode: "fresh" },
    ...{ args: ["--all"], parameters: { shop: "north", pages: 3 } },
  });
  await insertSchedule(store, schedule, at(T0 + 1), audit("schedule.created"));
  expect(await findSchedule(store, schedule.id)).toEqual({ schedule, next: at(T0 + 1) });
  expect(await insertSchedule(store, { ...schedule, jobId: "none" as never }, null, audit("x"))).toBeNull();
});

describe("a time", () => {
  const schedule = aSchedule("sch_1");
  beforeEach(async () => {
    await givenJob(store);
    await insertSchedule(store, schedule, at(T0), audit("schedule.created"));
  });

  test("is taken once, by one of many that try at the same moment", async () => {
    const tries = Array.from({ length: 20 }, () =>
      takeSlots(store, schedule, at(T0), [due(T0)], at(T0 + 1_000), T0),
    );
    expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
    expect(await listSlots(store, schedule.id, null, 9)).toHaveLength(1);
    expect(await findNextDue(store)).toBe(T0 + 1_000);
  });

  test("is not taken from a schedule that was changed meanwhile", async () => {
    expect(await takeSlots(store, { ...schedule, version: 2 }, at(T0), [due(T0)], null, T0)).toBe(false);
    expect(await listSlots(store, schedule.id, null, 9)).toEqual([]);
  });

  test("is decided once, and waits at most once", async () => {
    await takeSlots(store, schedule, at(T0), [due(T0)], null, T0);
    const key = { scheduleId: schedule.id, slot: T0 };
    const as = (state: "waiting" | "skipped", why: string) =>
      settleSlot(store, key, { state, why }, audit(state), T0);
    expect(await as("waiting", "a run is active")).toBe(true);
    expect(await as("waiting", "again")).toBe(false);
    expect(await listOpenSlots(store, schedule.jobId)).toMatchObject([
      { slot: { state: "waiting", why: "a run is active" } },
    ]);
    expect(await as("skipped", "enough")).toBe(true);
    expect(await as("skipped", "again")).toBe(false);
    expect(await listOpenSlots(store, null)).toEqual([]);
  });
});

test("of ten thousand schedules the next is found along an index, and reading those that are due reads no others", async () => {
  await givenJob(store);
  await store.change((db) => {
    for (let number = 0; number < 10_000; number += 1)
      db.change`
        INSERT INTO "Schedule" ("id", "jobId", "when", "timezone", "missed", "nextSlot", "nextDueAt", "createdAt", "updatedAt")
        VALUES (${`sch_${String(number).padStart(20, "0")}`}, ${aJob().id}, ${'{"by":"interval","everyMs":1000,"from":0}'}, 'UTC',
          ${'{"policy":"last","most":1}'}, ${BigInt(T0 + number)}, ${BigInt(T0 + number)}, ${new Date(T0)}, ${new Date(T0)})`;
  });
  expect(await findNextDue(store)).toBe(T0);
  expect(await listDue(store, T0 + 2, 100)).toHaveLength(3);
  const plan = store.look.all<{ detail: string }>`
    EXPLAIN QUERY PLAN SELECT "nextDueAt" AS "at" FROM "Schedule" WHERE "nextDueAt" IS NOT NULL ORDER BY "nextDueAt" LIMIT 1`;
  expect(plan.map(({ detail }) => detail)).toEqual([
    expect.stringMatching(/^SEARCH .*Schedule_nextDueAt_idx/),
  ]);
});

test("of each schedule the newest times are kept, and what is still to be started", async () => {
  await givenJob(store);
  const most = KEPT.slotsMost;
  const given = async (name: string, count: number, open: number) => {
    await insertSchedule(store, aSchedule(name), null, audit("schedule.created"));
    const data = Array.from({ length: count }, (_, index) => ({
      scheduleId: name,
      slot: BigInt(T0 + index),
      state: index < open ? "waiting" : "started",
      at: new Date(T0),
    }));
    await store.write((tx) => tx.slot.createMany({ data }));
  };
  await given("sch_few", most, 0);
  await given("sch_many", most + 1_500, 2);
  expect(await dropOld(store, T0)).toMatchObject({ slots: 1_498 });
  expect(await store.read.slot.count({ where: { scheduleId: "sch_few" } })).toBe(most);
  const kept = await store.read.slot.findMany({
    where: { scheduleId: "sch_many" },
    orderBy: { slot: "asc" },
  });
  expect(kept).toHaveLength(most + 2);
  expect(kept.slice(0, 3).map(({ slot }) => Number(slot) - T0)).toEqual([0, 1, 1_500]);
});
