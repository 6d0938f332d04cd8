import { expect, test } from "vitest";
import { ScheduleList, UpcomingAnswer } from "@/lib/contracts/schedule";
import { oneServer } from "../one-server";
import { firstAdmin, newPerson } from "../people";
import { until } from "../until";

const its = oneServer({ env: { UNSTUCK_AUTH: "" } });

const add = (job: string, expression: string, more: object = {}) =>
  its.op.call("POST", `/api/v1/jobs/${job}/schedules`, 201, {
    ...{ when: { by: "cron", expression }, timezone: "UTC", ...more },
  });
const list = async () => ScheduleList.parse(await its.op.call("GET", "/api/v1/schedules", 200)).items;
const upcoming = async (query = "") =>
  UpcomingAnswer.parse(await its.op.call("GET", `/api/v1/schedules/upcoming${query}`, 200));

test("lists say when in words, and what became of the newest time of each", async () => {
  await its.op.makeJob("ticks", ["true"]);
  await its.op.makeJob("rests", ["true"]);
  const often = await add("ticks", "* * * * * *");
  const rare = await add("rests", "0 3 * * 1-5");
  const listed = await until("three of its times have started something", async () => {
    const { items } = await its.op.call("GET", `/api/v1/jobs/ticks/schedules/${often.id}/slots`, 200);
    const found = await list();
    return items.length > 3 && found[0]?.last?.state === "started" ? found : null;
  });
  expect(listed.map(({ id, words }) => [id, words])).toEqual([
    [often.id, "Every second"],
    [rare.id, "Monday to Friday at 03:00"],
  ]);
  const [first, second] = listed;
  const path = `/api/v1/jobs/ticks/schedules/${often.id}`;
  const paused = await its.op.call("PATCH", path, 200, { version: 1, enabled: false });
  expect(paused).toMatchObject({ words: "Every second", enabled: false });
  const newest = await until("the newest is decided", async () => {
    const [slot] = (await its.op.call("GET", `${path}/slots`, 200)).items;
    return slot.state === "due" ? null : slot;
  });
  expect((await list()).find(({ id }) => id === often.id)?.last).toEqual(newest);
  expect(first?.last?.run).toMatch(/^run_/);
  expect(second?.last).toBeNull();
  await its.op.call("DELETE", path, 204);
  await its.op.call("DELETE", `/api/v1/jobs/rests/schedules/${rare.id}`, 204);
});

test("what comes in the next hours is listed by the next time, as far as one may see its job", async () => {
  await its.op.makeJob("shop", ["true"]);
  await its.op.makeJob("books", ["true"]);
  const six = await add("shop", "0 */6 * * *", { title: "Now and then" });
  const often = await add("books", "* * * * *");
  await add("books", "0 3 * * *", { enabled: false });
  const { from, to, items, left } = await upcoming();
  expect(Date.parse(to) - Date.parse(from)).toBe(24 * 3_600_000);
  expect(items.map(({ id }) => id)).toEqual([often.id, six.id]);
  const [minutes, hours] = items;
  expect(hours).toMatchObject({
    job: "shop",
    title: "Now and then",
    words: "Every 6 hours",
    sampledMs: null,
  });
  expect(hours?.times.map((time) => time.slice(11, 16)).sort()).toEqual(["00:00", "06:00", "12:00", "18:00"]);
  expect(minutes?.sampledMs).toBe(600_000);
  expect(minutes?.times).toHaveLength(144);
  expect(left).toBe(0);
  const week = await upcoming("?hours=168");
  expect(week.items.find(({ id }) => id === six.id)?.times).toHaveLength(28);
  for (const hours of ["0", "169", "soon"])
    await its.op.call("GET", `/api/v1/schedules/upcoming?hours=${hours}`, 400);

  const admin = await firstAdmin(its.server);
  const grants = [{ role: "viewer", on: "job:shop" }];
  const gert = await newPerson(its.server, admin, { name: "gert", grants });
  const seen = await gert.api("GET", "/api/v1/schedules/upcoming");
  expect(seen.body.items.map(({ id }: { id: string }) => id)).toEqual([six.id]);
  expect((await gert.api("GET", "/api/v1/schedules")).body.items).toHaveLength(1);
  expect((await gert.api("GET", "/api/v1/jobs/books/schedules")).status).toBe(403);
});
