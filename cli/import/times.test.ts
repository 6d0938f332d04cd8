import { describe, expect, test } from "vitest";
import { readTable } from "./read-table.fixture";
import { readTime } from "./times.mjs";
import { zoneOf } from "./zone.mjs";

function instant(text: string, zone = "UTC", order: "dmy" | "mdy" | null = null): string | null {
  const known = zoneOf(zone);
  if (known === null) throw new Error(zone);
  const time = readTime(text, { zone: known, order });
  return time === null ? null : "at" in time ? new Date(time.at).toISOString() : time.kind;
}

describe("times are read as programs write them", () => {
  const TIMES: readonly (readonly [string, string | null])[] = [
    ["2026-01-31T18:00:00Z", "2026-01-31T18:00:00.000Z"],
    ["2026-01-31 18:00:00", "2026-01-31T18:00:00.000Z"],
    ["2026-01-31 18:00:00.123456+02", "2026-01-31T16:00:00.123Z"],
    ["2026-01-31T18:00+05:30", "2026-01-31T12:30:00.000Z"],
    ["2026-01-31T18:00+01:00[Europe/Vienna]", "2026-01-31T17:00:00.000Z"],
    ["2026-01-31", "2026-01-31T00:00:00.000Z"],
    ["2026/1/31 6:00 PM", "2026-01-31T18:00:00.000Z"],
    ["20260131T180000Z", "2026-01-31T18:00:00.000Z"],
    ["20260131180000", "2026-01-31T18:00:00.000Z"],
    ["1769882400", "2026-01-31T18:00:00.000Z"],
    ["1769882400.25", "2026-01-31T18:00:00.250Z"],
    ["1769882400000", "2026-01-31T18:00:00.000Z"],
    ["1769882400000000", "2026-01-31T18:00:00.000Z"],
    ["1769882400000000000", "2026-01-31T18:00:00.000Z"],
    ["1.7698824e+09", "2026-01-31T18:00:00.000Z"],
    // Go
    ["2026-01-31 18:00:00.123456789 +0000 UTC", "2026-01-31T18:00:00.123Z"],
    ["2026-01-31 18:00:00 +0800 CST m=+0.004", "2026-01-31T10:00:00.000Z"],
    // Excel
    ["46053.75", "2026-01-31T18:00:00.000Z"],
    ["31.01.2026 18:00", "2026-01-31T18:00:00.000Z"],
    ["31/01/2026 18:00:00", "2026-01-31T18:00:00.000Z"],
    ["1/31/26 18:00", "2026-01-31T18:00:00.000Z"],
    ["02/03/2026", "either"],
    // RFC 2822, ctime, date, JavaScript, Java, Chinese
    ["Sat, 31 Jan 2026 18:00:00 +0100", "2026-01-31T17:00:00.000Z"],
    ["Sat Jan 31 18:00:00 2026", "2026-01-31T18:00:00.000Z"],
    ["Sat Jan 31 18:00:00 CET 2026", "2026-01-31T17:00:00.000Z"],
    ["Sat Jan 31 2026 18:00:00 GMT+0100 (Central European Standard Time)", "2026-01-31T17:00:00.000Z"],
    ["Jan 31, 2026, 6:00:00 PM", "2026-01-31T18:00:00.000Z"],
    ["31-Jan-2026 18:00", "2026-01-31T18:00:00.000Z"],
    ["2026年1月31日 18:00:00", "2026-01-31T18:00:00.000Z"],
    // The zeros of Go, MySQL and C
    ["0001-01-01T00:00:00Z", "unset"],
    ["0000-00-00 00:00:00", "unset"],
    ["-62135596800000", "unset"],
    ["0", "unset"],
    // A zone that means several places, and what is no time
    ["2026-01-31 18:00:00 CST", null],
    ["yesterday", null],
    ["2026-13-40", null],
    ["2026-02-30", null],
    ["17", null],
  ];
  for (const [text, expected] of TIMES)
    test(`${text} is ${expected}`, () => expect(instant(text)).toBe(expected));
});

test("FR-F18 times without a zone are in the zone that is said, in summer and in winter", () => {
  expect(instant("2026-01-31 18:00:00", "Europe/Vienna")).toBe("2026-01-31T17:00:00.000Z");
  expect(instant("2026-07-31 18:00:00", "Europe/Vienna")).toBe("2026-07-31T16:00:00.000Z");
  expect(instant("2026-03-29 03:00:00", "Europe/Vienna")).toBe("2026-03-29T01:00:00.000Z");
  expect(instant("2026-03-29 01:59:59", "Europe/Vienna")).toBe("2026-03-29T00:59:59.000Z");
  expect(instant("2026-01-31 18:00:00", "-05:00")).toBe("2026-01-31T23:00:00.000Z");
  expect(instant("2026-01-31 18:00:00", "+0545")).toBe("2026-01-31T12:15:00.000Z");
  expect(instant("46053.75", "-05:00")).toBe("2026-01-31T23:00:00.000Z");
  // One that names its zone, and one that needs none, keep it.
  expect(instant("2026-01-31 18:00:00Z", "-05:00")).toBe("2026-01-31T18:00:00.000Z");
  expect(instant("1769882400", "-05:00")).toBe("2026-01-31T18:00:00.000Z");
  expect(zoneOf("Mars/Olympus")).toBeNull();
  expect(zoneOf("+15:00")).toBeNull();
});

test("the order of day and month is shown by other rows, or asked for", async () => {
  const table = (...days: string[]) =>
    `id,job,status,started_at\n${days.map((day, at) => `${at},a,done,${day} 10:00`).join("\n")}\n`;
  const shown = await readTable(table("02/03/2026", "25/03/2026"));
  expect(shown.rows[0]?.startedAt).toBe("2026-03-02T10:00:00.000Z");
  const asked = await readTable(table("02/03/2026", "04/03/2026"));
  expect(asked.rows).toEqual([]);
  expect(asked.problems[0]?.problem).toMatch(/--dates dmy or --dates mdy/);
  expect(asked.plan.notes.join()).toMatch(/Day and month cannot be told apart in started_at/);
  const said = await readTable(table("02/03/2026"), { dates: "mdy" });
  expect(said.rows[0]?.startedAt).toBe("2026-02-03T10:00:00.000Z");
});
