import { describe, expect, test } from "vitest";
import { ImportRow } from "@/lib/contracts/import";
import { columnsOf, instantOf, jobIdOf, stateMapOf, stateOf, toRow } from "./fields.mjs";

const none = new Map<string, string>();

describe("columns", () => {
  test("are found by what others call them", () => {
    const { columns, problems } = columnsOf(
      ["ID", "Retailer Id", "status", "started_at", "items_extracted"],
      none,
    );
    expect(problems).toEqual([]);
    expect(Object.fromEntries(columns)).toEqual({
      job: "Retailer Id",
      externalId: "ID",
      state: "status",
      startedAt: "started_at",
      extracted: "items_extracted",
    });
  });

  test("that are said win", () => {
    const { columns } = columnsOf(["id", "name", "status", "spider"], new Map([["job", "name"]]));
    expect(columns.get("job")).toBe("name");
  });

  test("that are missing or misspelt are told with what there is", () => {
    const { problems } = columnsOf(
      ["a", "b"],
      new Map([
        ["job", "c"],
        ["jbo", "a"],
      ]),
    );
    expect(problems.join(" ")).toMatch(/no column "c".*no field "jbo".*--map externalId=COLUMN/);
  });
});

describe("times", () => {
  const TIMES: readonly (readonly [string, string | undefined])[] = [
    ["2026-01-31T18:00:00Z", "2026-01-31T18:00:00.000Z"],
    ["2026-01-31 18:00:00", "2026-01-31T18:00:00.000Z"],
    ["2026-01-31 18:00:00.123456+02", "2026-01-31T16:00:00.123Z"],
    ["2026-01-31T18:00+05:30", "2026-01-31T12:30:00.000Z"],
    ["2026-01-31", "2026-01-31T00:00:00.000Z"],
    ["1769882400", "2026-01-31T18:00:00.000Z"],
    ["1769882400000", "2026-01-31T18:00:00.000Z"],
    ["31.01.2026", undefined],
    ["yesterday", undefined],
    ["2026-13-40", undefined],
  ];
  for (const [text, instant] of TIMES)
    test(`${text} is ${instant}`, () => expect(instantOf(text)).toBe(instant));
});

test("states are known by many words, and what is said wins", () => {
  const { states, problems } = stateMapOf(["running=interrupted", "WEIRD=failed"]);
  expect(problems).toEqual([]);
  expect(stateOf("Success", none)).toBe("completed");
  expect(stateOf("IN_PROGRESS", none)).toBe("running");
  expect(stateOf("running", states)).toBe("interrupted");
  expect(stateOf("weird", states)).toBe("failed");
  expect(stateOf("weird", none)).toBeUndefined();
  expect(stateMapOf(["x=nope", "y"]).problems).toHaveLength(2);
});

test("names become job ids", () => {
  expect(jobIdOf("My Shop (DE)")).toBe("my-shop-de");
  expect(jobIdOf("--x")).toBe("x");
  expect(jobIdOf("書店")).toBeUndefined();
});

test("E1 a row that says running for ever is handed over as the API wants it", () => {
  const { columns } = columnsOf(
    ["id", "retailer", "status", "started_at", "extracted", "pid", "error"],
    none,
  );
  const made = toRow(
    {
      id: "17",
      retailer: "Shop A",
      status: "running",
      started_at: "2026-01-01 00:00",
      extracted: "0",
      pid: "4711",
      error: "NULL",
    },
    columns,
    none,
  );
  expect(made).toEqual({
    ok: true,
    row: {
      job: "shop-a",
      externalId: "17",
      state: "running",
      startedAt: "2026-01-01T00:00:00.000Z",
      extracted: 0,
      pid: 4711,
    },
  });
  expect(ImportRow.safeParse(made.ok ? made.row : null).success).toBe(true);
});

test("a row that cannot be read says which column and what was expected", () => {
  const { columns } = columnsOf(["id", "job", "state", "pid"], none);
  const row = { id: "1", job: "a", state: "done" };
  expect(toRow({ ...row, state: "odd" }, columns, none)).toMatchObject({
    ok: false,
    problem: expect.stringMatching(/^state: .*--state-map.*"odd"/),
  });
  expect(toRow({ ...row, pid: "x" }, columns, none)).toMatchObject({
    ok: false,
    problem: expect.stringMatching(/^pid: expected a whole number/),
  });
  expect(toRow({ ...row, id: "" }, columns, none)).toMatchObject({ ok: false, problem: "id: is empty" });
});
