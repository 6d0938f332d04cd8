import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { NO_DAYS_OFF } from "@/lib/domain/schedule";
import { nextTimes } from "@/lib/schedules/times";

/** The times in docs/schedules.md are those at which jobs are started. */

const PAGE = readFileSync(join(import.meta.dirname, "../../docs/schedules.md"), "utf8");
const NIGHTS = [
  { from: "2026-03-29T00:15:00Z", to: "2026-03-29T01:45:00Z", isMarked: false },
  { from: "2026-10-24T23:15:00Z", to: "2026-10-25T02:45:00Z", isMarked: true },
];

/** Of the table of the nights in Vienna, the first of the two with these expressions. */
function rows(): { readonly expression: string; readonly cells: readonly string[] }[] {
  const [, table = ""] = PAGE.split("| expression | 29 March, from 1:15 to 3:45 |");
  const lines = table.split("\n\n")[0]?.split("\n").slice(2) ?? [];
  return lines.map((line) => {
    const [, expression = "", ...cells] = line.split("|").map((cell) => cell.trim().replaceAll("`", ""));
    return { expression, cells: cells.slice(0, 2) };
  });
}

function timesIn(expression: string, { from, to, isMarked }: (typeof NIGHTS)[number]): string {
  const when = { by: "cron", expression } as const;
  const timing = { when, timezone: "Europe/Vienna", daysOff: NO_DAYS_OFF, startsAt: null, endsAt: null };
  const times = nextTimes(timing, Date.parse(from), 20).filter(({ at }) => at < Date.parse(to));
  const shown = times.map(({ at, offsetMs }) => {
    const [hour, minute] = new Date(at + offsetMs).toISOString().slice(11, 16).split(":");
    const season = offsetMs === 7_200_000 ? "s" : "w";
    return `${Number(hour)}:${minute}${isMarked ? season : ""}`;
  });
  return shown.join(" ") || "–";
}

test("the nights in which clocks change are shown as they are", () => {
  expect(rows()).toHaveLength(5);
  for (const { expression, cells } of rows())
    expect(cells, expression).toEqual(NIGHTS.map((night) => timesIn(expression, night)));
});
