import { expect, test } from "vitest";
import { anImportedRow, nextRunId, T0 } from "@/test/factories";
import type { ImportedRow } from "./import";
import { type Bystander, type Found, judgeProcess, zoneText } from "./import-process";

const HOUR = 3_600_000;
const WHERE = { host: "here", now: T0 + 10 * HOUR, quietMs: 24 * HOUR };
const CAREFUL = { assumeOver: false, zoneIsSure: false };

function someone(startedAt: number, belongsTo: Bystander["belongsTo"] = null): Bystander {
  return { command: "sleep 9", startedAt, belongsTo };
}

function judge(row: Partial<ImportedRow>, found: Found, trust: Partial<typeof CAREFUL> = {}) {
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

const MINUTE = 60_000;
const IN_UTC = { zoneIsSure: true };
const NOT_DEAD = { is: "unsure", problem: expect.not.stringMatching(/stop it/) };

test("FR-A12 a process that was started after its row is not called gone while the row was active since", () => {
  const worker = someone(T0 + 5 * MINUTE);
  const heartbeat = WHERE.now - 30_000;
  expect(judge({ lastActivityAt: heartbeat }, worker, IN_UTC)).toMatchObject(NOT_DEAD);
  // Written five hours west of UTC and read as UTC: the last sign of life seems to be before the process.
  const written = (at: number) => at - 5 * HOUR;
  const row = { startedAt: written(T0), lastActivityAt: written(WHERE.now) };
  expect(judge(row, someone(WHERE.now - 2 * HOUR - 7 * MINUTE))).toMatchObject(NOT_DEAD);
  expect(judge({ lastActivityAt: T0 + MINUTE }, worker, IN_UTC)).toEqual({ is: "gone" });
  expect(judge({}, worker, IN_UTC)).toEqual({ is: "gone" });
});

test("FR-A12 a time of creation, or a day alone, is the earliest a process can have been started, not the latest", () => {
  const made = { startIsEarliest: true };
  for (const laterMs of [-10_000, 0, 7 * MINUTE, 9 * HOUR])
    expect(judge(made, someone(T0 + laterMs), IN_UTC)).toMatchObject(NOT_DEAD);
  // A quarter of an hour says nothing of zones where the start is not known.
  expect(judge(made, someone(T0 + 5 * HOUR))).toMatchObject({ offsetMinutes: null });
  expect(judge(made, null)).toEqual({ is: "gone" });
});

test("FR-A12 a last sign of life without a start proves nothing before the time zone is known", () => {
  const row = { startedAt: null, lastActivityAt: T0 };
  expect(judge(row, someone(T0 + 3 * HOUR + 7 * MINUTE))).toMatchObject(NOT_DEAD);
  expect(judge(row, someone(T0 + 3 * HOUR + 7 * MINUTE), IN_UTC)).toEqual({ is: "gone" });
  expect(judge(row, someone(T0 + 15 * HOUR))).toEqual({ is: "gone" });
});

test("FR-A12 a process with the row's number and start is not called gone because the row names a worker for its host", () => {
  const old = T0 - 25 * HOUR;
  const row = { host: "worker-1", startedAt: old };
  for (const trust of [{}, IN_UTC, { assumeOver: true }])
    expect(judge(row, someone(old + 20_000), trust)).toMatchObject(NOT_DEAD);
  expect(judge(row, someone(old + 8 * HOUR))).toMatchObject(NOT_DEAD);
  for (const found of [null, "hidden", someone(T0), someone(old, "dashboard")] as const)
    expect(judge(row, found, IN_UTC)).toEqual({ is: "gone" });
});

test("FR-A10 a pid that is not here is not called gone where the table does not say on which host it is", () => {
  const row = { hostIsUnsure: true };
  for (const found of [null, someone(T0 + 2 * MINUTE)])
    expect(judge(row, found)).toMatchObject({
      is: "unsure",
      problem: expect.stringMatching(/--assume-over/),
    });
  expect(judge(row, null, { assumeOver: true })).toEqual({ is: "gone" });
  expect(judge({ ...row, startedAt: T0 - 20 * HOUR }, null)).toEqual({ is: "gone" });
  expect(judge(row, someone(T0))).toMatchObject({ is: "alive" });
  expect(judge({ ...row, host: "here" }, null)).toEqual({ is: "gone" });
});

test("FR-A12 a process that the system hides is not called gone", () => {
  for (const trust of [{}, { assumeOver: true }])
    expect(judge({}, "hidden", trust)).toMatchObject({
      is: "unsure",
      problem: expect.stringMatching(/process 77 .*hidepid/),
    });
});
