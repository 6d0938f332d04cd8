import { describe, expect, test } from "vitest";
import { aRun } from "@/test/factories";
import { HEALTHS, type Health } from "./health";
import { type Precheck, precheck } from "./precheck";
import { RECOVERY_VERDICTS, type RecoveryVerdict } from "./recovery";
import { ACTIVE_STATES, type FinalState, isFinal, RUN_STATES } from "./run";

describe("E4 the pre-start check of a job with an active run", () => {
  const waits = { resumable: "wait", dead: "wait", complete: "wait", unknown: "wait" } as const;
  // Only what is proven dead or finished may be offered for cleaning.
  const gone = { resumable: "resume", dead: "cleanup", complete: "cleanup", unknown: "resume" } as const;
  const TABLE = {
    healthy: waits,
    late: waits,
    silent: waits,
    overdue: waits,
    orphaned: gone,
    stuck: gone,
  } as const satisfies Record<Health, Record<RecoveryVerdict, Precheck>>;

  for (const health of HEALTHS) {
    for (const recovery of RECOVERY_VERDICTS) {
      test(`that is ${health} and ${recovery} says ${TABLE[health][recovery]}`, () => {
        for (const state of ACTIVE_STATES) {
          const run = aRun(state);
          const verdict = precheck({ run, health, recovery });
          expect(verdict).toMatchObject({ precheck: TABLE[health][recovery], run });
          expect(verdict.reason).toContain(run.id);
        }
      });
    }
  }

  test("a live run nobody has judged yet is waited for, never cleaned", () => {
    expect(precheck({ run: aRun("running"), health: null, recovery: "dead" }).precheck).toBe("wait");
  });
});

describe("E4 A4 the pre-start check of a job whose newest run is over", () => {
  const RESUMES = {
    completed: false,
    failed: true,
    stopped: true,
    timed_out: true,
    interrupted: true,
    cleaned: false,
  } as const satisfies Record<FinalState, boolean>;

  for (const state of RUN_STATES.filter(isFinal)) {
    for (const recovery of RECOVERY_VERDICTS) {
      const expected = RESUMES[state] && recovery === "resumable" ? "resume" : "start";
      test(`${state} and ${recovery} says ${expected}`, () => {
        const run = aRun(state);
        expect(precheck({ run, health: null, recovery })).toMatchObject({ precheck: expected, run });
      });
    }
  }
});

test("a job that never ran may be started", () => {
  expect(precheck(null)).toEqual({ precheck: "start", run: null, reason: "It never ran." });
});
