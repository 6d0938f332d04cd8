import { expect, test } from "vitest";
import { anImportedRow, nextRunId, T0 } from "@/test/factories";
import type { ImportedRow } from "./import";
import { type Bystander, judgeProcess, zoneText } from "./import-process";

const HOUR = 3_600_000;
const WHERE = { host: "here", now: T0 + 10 * HOUR, quietMs: 24 * HOUR };
const CAREFUL = { assumeOver: false, zoneIsSure: false };

function someone(startedAt: number, belongsTo: Bystander["belongsTo"] = null): Bystander {
  return { command: "sleep 9", startedAt, belongsTo };
}

function judge(row: Partial<ImportedRow>, found: Bystander | null, trust: Partial<typeof CAREFUL> = {}) {
  return judgeProcess(anImportedRow(row), found, WHERE, { ...CAREFUL, ...trust });
}

test("a process that was started when its row says so is alive, one that was started well after is a later owner", () => {
  expect(judge({}, someone(T0 + 30_000))).toMatchObject({
    is: "alive",
    problem: expect.stringMatching(/process 77 \(sleep 9\).*end or stop it/),
  });
  expect(judge({}, someone(T0 + 120_000))).toEqual({ is: "gone" });
  expect(judge({}, null)).toEqual({ is: "gone" });
});

test("FR-F18 a process that is whole quarter hours off its row, to the minute, names the time zone instead of being called dead", () => {
  for (const [laterMs, zone] of [
    [5 * HOUR, "-05:00"],
    [-2 * HOUR, "+02:00"],
    [-5.75 * HOUR, "+05:45"],
    [5 * HOUR - 20_000, "-05:00"],
  ] as const) {
    const verdict = judge({}, someone(T0 + laterMs));
    expect(verdict).toMatchObject({
      is: "unsure",
      problem: expect.stringContaining(`--timezone ${zone}`),
    });
    expect(zoneText(verdict.is === "unsure" ? (verdict.offsetMinutes ?? 0) : 0)).toBe(zone);
  }
  // Beyond every zone, between two of them, or with the zone said by a person, it is a later owner.
  expect(judge({}, someone(T0 + 15 * HOUR))).toEqual({ is: "gone" });
  expect(judge({}, someone(T0 + 5 * HOUR + 180_000))).toEqual({ is: "gone" });
  expect(judge({}, someone(T0 + 5 * HOUR), { zoneIsSure: true })).toEqual({ is: "gone" });
});

test("FR-A12 what may be a stranger is never named as the one to stop", () => {
  const noStart = judge({ startedAt: null }, someone(T0 - HOUR));
  const older = judge({}, someone(T0 - 100 * HOUR - 300_000));
  const activityOnly = judge({ startedAt: null, lastActivityAt: T0 }, someone(T0 - 300_000));
  const aRun = nextRunId();
  const ours = judge({}, someone(T0, aRun));
  for (const verdict of [noStart, older, activityOnly, ours]) {
    expect(verdict).toMatchObject({ is: "unsure" });
    expect(JSON.stringify(verdict)).not.toMatch(/stop it/);
  }
  expect(noStart).toMatchObject({ problem: expect.stringContaining("--map startedAt=COLUMN") });
  expect(ours).toMatchObject({ problem: expect.stringContaining(aRun) });
});

test("FR-A12 the dashboard's own number is not the row's process", () => {
  expect(judge({}, someone(T0, "dashboard"))).toEqual({ is: "gone" });
  expect(judge({ startedAt: null }, someone(T0, "dashboard"))).toEqual({ is: "gone" });
});

test("an active row whose process cannot be looked at is refused until it is older than a stuck run, or a person says it is over", () => {
  const old = T0 - 20 * HOUR;
  for (const unseen of [{ pid: null }, { host: "elsewhere" }, { pid: null, startedAt: null }]) {
    expect(judge(unseen, null)).toMatchObject({
      is: "unsure",
      problem: expect.stringMatching(/--assume-over/),
    });
    expect(judge(unseen, null, { assumeOver: true })).toEqual({ is: "gone" });
  }
  expect(judge({ pid: null, startedAt: old }, null)).toEqual({ is: "gone" });
  expect(judge({ pid: null, startedAt: old, lastActivityAt: T0 }, null)).toMatchObject({ is: "unsure" });
  expect(judge({ host: "elsewhere", startedAt: old }, null)).toEqual({ is: "gone" });
  // What only waited has no process.
  expect(judge({ state: "queued", pid: null }, null)).toEqual({ is: "gone" });
});
