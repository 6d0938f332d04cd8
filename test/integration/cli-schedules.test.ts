import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import { PreviewAnswer, ScheduleList, ScheduleView } from "@/lib/contracts/schedule";
import { inTerminal, unstuck } from "../cli";
import { type Operator, operator } from "../operator";
import { cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";

let server: TestServer;
let op: Operator;
beforeAll(async () => {
  server = await startServer();
  op = operator(server);
});
afterEach(async () => {
  for (const { id, job } of (await op.call("GET", "/api/v1/schedules", 200)).items)
    await op.call("DELETE", `/api/v1/jobs/${job}/schedules/${id}`, 204);
  await op.endAll();
});
afterAll(cleanUp);

const place = () => ({ socketOf: server.dataDir });
const cli = (...args: string[]) => unstuck(place(), args, { cwd: op.cwd, env: { TZ: "Europe/Vienna" } });

/** What it prints when all goes well. */
async function printed(...args: string[]): Promise<string> {
  const called = cli(...args);
  expect(await called.ended, `${args.join(" ")}: ${called.output()}`).toMatchObject({ code: 0 });
  return called.out();
}

async function json<Schema extends z.ZodType>(schema: Schema, ...args: string[]): Promise<z.output<Schema>> {
  return schema.parse(JSON.parse(await printed(...args, "--json")));
}

test("a schedule is added, listed, paused, resumed and deleted by a terminal", async () => {
  await op.makeJob("nightly", ["true"]);
  expect(await printed("schedules")).toBe("There are no schedules.\n");
  expect(await printed("schedules", "nightly")).toBe("nightly has no schedule.\n");
  const added = await printed("schedule", "add", "nightly", "0 3 * * *");
  expect(added).toMatch(
    /^sch_\w{20} starts nightly: Every day at 03:00 \(Europe\/Vienna\); next \d{4}-\d\d-\d\d 03:00 \+0[12]:00\.\n$/,
  );
  const id = added.slice(0, 24);
  const list = await printed("schedules");
  expect(list).toMatch(/^SCHEDULE +JOB +WHEN +NEXT +STATE +LAST\n/);
  expect(list).toMatch(new RegExp(`${id} {2}nightly {2}Every day .* in \\d+ (h|min|s) +active +–`));
  for (const line of list.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
  expect(await printed("schedule", "pause", id)).toContain("; paused.");
  expect(await printed("schedule", "pause", id), "again").toContain("; paused.");
  expect((await json(ScheduleList, "schedules", "nightly")).items).toMatchObject([
    { id, enabled: false, next: null, version: 2, last: null },
  ]);
  expect((await json(ScheduleView, "schedule", "resume", id)).enabled).toBe(true);
  expect(await printed("__complete", "schedule", "pause", "sch")).toBe(
    `${id}\tnightly: Every day at 03:00\n`,
  );
  expect(await printed("__complete", "schedule", "add", "ni")).toBe("nightly\tnightly\n");
  expect(await printed("__complete", "schedule", "add", "nightly", "--missed", "")).toBe(
    "skip\t\nlast\t\nall\t\n",
  );
  expect(await printed("schedule", "delete", id, "--auto")).toBe(
    `${id} was deleted. The runs it has started stay.\n`,
  );
  expect((await json(ScheduleList, "schedules")).items).toEqual([]);
});

test("all that a schedule can be given is an option", async () => {
  const properties = { shop: { type: "string" }, pages: { type: "integer" } };
  await op.makeJob("full", ["true"], { parameters: { type: "object", properties, required: ["shop"] } });
  const made = await json(
    ScheduleView,
    ...["schedule", "add", "full", "--every", "1h30min", "--from", "2026-01-01T00:00Z"],
    ...["--timezone", "Asia/Tokyo", "--title", "Now and then", "--paused", "--fresh"],
    ...["--starts", "2026-12-01T00:00+09:00", "--ends", "2030-01-01T00:00Z"],
    ...[
      "--day-off",
      "2026-12-24/2027-01-06",
      "--day-off",
      "2027-05-01",
      "--weekday-off",
      "sat",
      "--weekday-off",
      "sun",
    ],
    ...["--jitter", "5min", "--missed", "all", "--most", "3", "--overlap", "wait"],
    ...["--arg", "--deep", "--arg", "a b", "--param", "shop=north", "--param", "pages=3"],
  );
  expect(made).toMatchObject({
    when: { by: "interval", everyMs: 5_400_000, from: "2026-01-01T00:00:00.000Z" },
    timezone: "Asia/Tokyo",
    title: "Now and then",
    enabled: false,
    mode: "fresh",
    startsAt: "2026-11-30T15:00:00.000Z",
    endsAt: "2030-01-01T00:00:00.000Z",
    daysOff: { dates: ["2026-12-24/2027-01-06", "2027-05-01"], weekdays: [6, 0] },
    jitterMs: 300_000,
    missed: { policy: "all", most: 3 },
    overlap: "queue",
    args: ["--deep", "a b"],
    parameters: { shop: "north", pages: 3 },
    words: "Every 90 minutes",
  });
  expect(await printed("schedules")).toMatch(/paused/);
});

test("the list says what became of the last time", async () => {
  await op.makeJob("busy", ["sh", "-c", "echo ready; exec sleep 600"]);
  const { id } = await op.startReady("busy");
  await printed("schedule", "add", "busy", "* * * * * *", "--timezone", "UTC");
  const list = await until("one was skipped", async () => {
    const text = unstuck(place(), ["schedules"], { cwd: op.cwd, env: { COLUMNS: "250" } });
    await text.ended;
    return text.out().includes("skipped") ? text.out() : null;
  });
  expect(list).toMatch(new RegExp(`skipped (just now|\\d+ s ago): .*${id} was running`));
});

test("a preview shows the next times with what a change of clocks does to them", async () => {
  const text = await printed(
    "schedule",
    "preview",
    "30 2 29 3 *",
    "--timezone",
    "Europe/Vienna",
    "--limit",
    "4",
  );
  expect(text).toMatch(/^Every year on 29 March at 02:30 \(Europe\/Vienna\)\nTIME +UTC +COMES +CLOCK\n/);
  // In 2026, 2037 and so on the clocks are set that night.
  expect(text.split("\n").filter((line) => / 02:30 /.test(line)).length).toBeGreaterThan(1);
  const night = await printed(
    "schedule",
    "preview",
    "*/30 2 * 10 0",
    "--timezone",
    "Europe/Vienna",
    "--limit",
    "100",
  );
  expect(night).toContain("first of two with the same clock time");
  for (const line of night.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
  const { words, times } = await json(PreviewAnswer, "schedule", "preview", "--every", "1h");
  expect(words).toBe("Every hour");
  expect(times).toHaveLength(10);
});

test("a refusal has its exit code and a sentence, and changes nothing", async () => {
  await op.makeJob("refuses", ["true"]);
  const none = `sch_${"0".repeat(20)}`;
  const CASES: readonly (readonly [number, RegExp, string[]])[] = [
    [64, /"61" is not a valid minute/, ["schedule", "add", "refuses", "61 * * * *"]],
    [64, /"61" is not a valid minute/, ["schedule", "preview", "61 * * * *"]],
    [64, /has none: no day/, ["schedule", "add", "refuses", "0 0 31 2 *"]],
    [64, /time zone/, ["schedule", "add", "refuses", "@daily", "--timezone", "Mars/Base"]],
    [64, /Expected an expression .* or --every/, ["schedule", "add", "refuses"]],
    [64, /and not both/, ["schedule", "add", "refuses", "@daily", "--every", "1h"]],
    [64, /--from is of --every/, ["schedule", "add", "refuses", "@daily", "--from", "2026-01-01T00:00Z"]],
    [64, /length of time such as 90s/, ["schedule", "add", "refuses", "--every", "soon"]],
    [64, /--weekday-off sun, mon/, ["schedule", "add", "refuses", "@daily", "--weekday-off", "someday"]],
    [64, /Allowed choices are skip, last, all/, ["schedule", "add", "refuses", "@daily", "--missed", "some"]],
    [66, /no job "none"/, ["schedule", "add", "none", "@daily"]],
    [66, /no job "none"/, ["schedules", "none"]],
    [66, /There is no schedule "sch_0+"\. unstuck schedules lists/, ["schedule", "pause", none]],
    [66, /There is no schedule/, ["schedule", "delete", none, "--auto"]],
  ];
  for (const [code, says, args] of CASES) {
    const called = cli(...args);
    expect(await called.ended, `${args.join(" ")}: ${called.output()}`).toMatchObject({ code });
    expect(called.err()).toMatch(says);
    expect(called.out()).toBe("");
  }
  expect((await json(ScheduleList, "schedules")).items).toEqual([]);
});

test("a schedule is deleted when a person says yes, and nowhere else without --auto", async () => {
  await op.makeJob("asks", ["true"]);
  const { id } = await json(ScheduleView, "schedule", "add", "asks", "@daily", "--timezone", "UTC");
  const silent = cli("schedule", "delete", id);
  expect(await silent.ended).toMatchObject({ code: 64 });
  expect(silent.err()).toMatch(/not a terminal\. Use --auto/);
  const answered = async (keys: string, code: number) => {
    const asked = inTerminal(place(), `exec $UNSTUCK schedule delete ${id}`, {
      cwd: op.cwd,
      env: { TERM: "xterm" },
    });
    await until("it asks", () => asked.output().includes("the record of its times?"));
    asked.type(keys);
    expect(await asked.ended).toMatchObject({ code });
  };
  await answered("n\r", 3);
  expect((await json(ScheduleList, "schedules")).items).toHaveLength(1);
  await answered("y\r", 0);
  expect((await json(ScheduleList, "schedules")).items).toEqual([]);
});
