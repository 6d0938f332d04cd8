import { describe, expect, test } from "vitest";
import { aJob, aRun, T0 } from "@/test/factories";
import { seededRandom } from "@/test/torture/seeded-random";
import {
  type AfterEnd,
  afterEnd,
  backOff,
  type EndFacts,
  lastedByWallClock,
  longestWait,
  newStreak,
  RECOVERY_LIMITS,
  type RecoveryRecord,
  waitLeft,
} from "./auto-recovery";
import { isFinal, RUN_STATES, type Run } from "./run";

const job = aJob({ autoRecover: true });
const facts = (run: Run, changes: Partial<EndFacts> = {}): EndFacts => ({
  run,
  verdict: "dead",
  sentence: "Nothing is left.",
  ranMs: 500,
  unwanted: false,
  ...changes,
});
const judge = (end: EndFacts, record: RecoveryRecord | null = null, of = job) =>
  afterEnd(of, end, record, RECOVERY_LIMITS, 0.5, T0);
const failed = aRun("failed");
const streak = (changes: Partial<RecoveryRecord> = {}): RecoveryRecord => ({
  ...newStreak(job.id, failed.id, T0 - 1_000),
  ...changes,
});

test("D6 what failed, timed out or was interrupted is recovered, and nothing else", () => {
  const wanted = RUN_STATES.filter(isFinal).filter((state) => judge(facts(aRun(state))).kind === "planned");
  expect(wanted).toEqual(["failed", "timed_out", "interrupted"]);
});

test("ends that somebody in charge wanted are left alone", () => {
  const shutdown = aRun("interrupted", { cause: "shutdown" });
  const settled = aRun("failed", { unsettled: false });
  const history = aRun("failed", { imported: { source: "runs.csv", externalId: "7" } });
  for (const run of [shutdown, settled, history]) expect(judge(facts(run))).toEqual({ kind: "over" });
  expect(judge(facts(failed, { unwanted: true }))).toEqual({ kind: "over" });
});

test("a job that is disabled or does not ask for it is left alone", () => {
  for (const of of [aJob(), aJob({ autoRecover: true, enabled: false })])
    expect(judge(facts(failed), null, of)).toEqual({ kind: "over" });
});

describe("how it goes on", () => {
  const actions = (["resumable", "dead", "unknown"] as const).map((verdict) => {
    const after = judge(facts(failed, { verdict }));
    return after.kind === "planned" ? `${verdict}: ${after.record.nextAction}` : after.kind;
  });

  test("E13 only what can be resumed is; everything else starts over", () => {
    expect(actions).toEqual(["resumable: resume", "dead: restart", "unknown: restart"]);
  });

  test("work that its checkpoint calls finished is not done again", () => {
    const after = judge(facts(failed, { verdict: "complete" }));
    expect(after).toMatchObject({ kind: "stopped", record: { state: "stopped", nextAt: null } });
  });
});

describe("the count of attempts in a row", () => {
  test("is given up after five", () => {
    const after = judge(facts(failed), streak({ attempts: 5, restarted: 5 }));
    expect(after).toMatchObject({
      kind: "gave_up",
      record: { state: "gave_up", attempts: 5, nextAt: null, nextAction: null },
    });
    expect(after.kind === "gave_up" && after.record.reason).toMatch(/crash loop/);
  });

  test("begins again after a healthy stretch; what was done in all does not", () => {
    const after = judge(facts(failed, { ranMs: 60_000 }), streak({ attempts: 5, restarted: 5 }));
    expect(after).toMatchObject({
      kind: "planned",
      record: { attempts: 0, restarted: 5, since: T0 - 1_000 },
    });
  });

  test("does not take the silence before a time-out, nor a start that never was, for health", () => {
    const silent = aRun("timed_out", { cause: "silence" });
    const record = streak({ runId: silent.id, attempts: 5 });
    expect(judge(facts(silent, { ranMs: 600_000 + 59_999 }), record).kind).toBe("gave_up");
    expect(judge(facts(silent, { ranMs: 600_000 + 60_000 }), record).kind).toBe("planned");
    const late = { ...silent, cause: "start_timeout" } as const;
    expect(judge(facts(late, { ranMs: 3_600_000 }), record).kind).toBe("gave_up");
    const never = { ...silent, cause: "never_started", startedAt: null } as const;
    expect(judge(facts(never, { ranMs: 3_600_000 }), record).kind).toBe("gave_up");
  });

  test("begins again with a run of somebody else", () => {
    const other = streak({ runId: aRun("failed").id, attempts: 5 });
    expect(judge(facts(failed), other)).toMatchObject({
      kind: "planned",
      record: { attempts: 0, since: T0 },
    });
  });
});

describe("whatever happens, in any order", () => {
  const random = seededRandom(20_261_122);

  test("the wait is between nothing and a bound that doubles up to the cap", () => {
    for (let round = 0; round < 2_000; round++) {
      const limits = {
        ...RECOVERY_LIMITS,
        baseMs: Math.floor(random() * 5_000),
        capMs: Math.floor(random() * 600_000),
      };
      const attempts = Math.floor(random() * 40);
      const waitMs = backOff(attempts, limits, random());
      expect(waitMs).toBeGreaterThanOrEqual(0);
      expect(waitMs).toBeLessThanOrEqual(Math.min(limits.capMs, limits.baseMs * 2 ** attempts));
    }
    expect([0, 1, 2, 8, 9, 40].map((attempts) => longestWait(attempts, RECOVERY_LIMITS))).toEqual([
      1_000, 2_000, 4_000, 256_000, 300_000, 300_000,
    ]);
    expect(backOff(3, RECOVERY_LIMITS, 0)).toBe(0);
    expect(backOff(3, RECOVERY_LIMITS, 0.999_999)).toBe(8_000);
  });

  test("no more than five attempts in a row are made without a healthy stretch", () => {
    for (let round = 0; round < 300; round++) {
      let record: RecoveryRecord | null = null;
      let inARow = 0;
      let after: AfterEnd = { kind: "over" };
      for (let step = 0; step < 60; step++) {
        const run: Run = aRun("failed", record?.runId == null ? {} : { id: record.runId });
        const healthy = random() < 0.1;
        after = afterEnd(
          job,
          facts(run, { ranMs: healthy ? 60_000 : random() * 59_999 }),
          record,
          RECOVERY_LIMITS,
          random(),
          T0,
        );
        if (healthy) inARow = 0;
        if (after.kind !== "planned") break;
        inARow += 1;
        expect(inARow).toBeLessThanOrEqual(5);
        record = { ...after.record, state: "idle", attempts: after.record.attempts + 1, runId: aRun().id };
      }
      if (after.kind === "gave_up") expect(inARow).toBe(5);
    }
  });

  test("a wait is never longer for the next dashboard than it could have been, wherever the clock stands", () => {
    for (let round = 0; round < 500; round++) {
      const record = streak({ attempts: Math.floor(random() * 5), nextAt: T0 + random() * 300_000 });
      const left = waitLeft(record, RECOVERY_LIMITS, T0 + (random() - 0.5) * 1e9);
      expect(left).toBeGreaterThanOrEqual(0);
      expect(left).toBeLessThanOrEqual(Math.max(5_000, longestWait(record.attempts, RECOVERY_LIMITS)));
    }
    expect(waitLeft(streak({ nextAt: T0 + 700 }), RECOVERY_LIMITS, T0)).toBe(700);
    expect(waitLeft(streak(), RECOVERY_LIMITS, T0)).toBe(0);
  });
});

test("how long a run lasted by the wall clock is never less than nothing", () => {
  expect(lastedByWallClock(aRun("failed", { startedAt: T0, endedAt: T0 + 5 }))).toBe(5);
  expect(lastedByWallClock(aRun("failed", { startedAt: T0, endedAt: T0 - 5 }))).toBe(0);
  expect(lastedByWallClock(aRun("failed", { startedAt: null }))).toBe(0);
});
