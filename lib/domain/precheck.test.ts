import { describe, expect, test } from "vitest";
import { aRun, T0 } from "@/test/factories";
import { HEALTHS, type Health } from "./health";
import { type Precheck, precheck } from "./precheck";
import { ACTIVE_STATES, type FinalState, isFinal, RUN_STATES } from "./run";
import { RECOVERY_VERDICTS, type RecoveryVerdict } from "./verdict";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Everything the factory makes began at about T0. */
const OLD = { now: T0 + 2 * DAY, thresholdMs: DAY };
const YOUNG = { now: T0 + HOUR, thresholdMs: DAY };

const LEFT = { sentence: "It had done 7.", resumeFrom: "checkpoint c.json, page 7", oldFolder: null };

describe("E4 the pre-start check of a job with an active run", () => {
  const waits = { resumable: "wait", dead: "wait", complete: "wait", unknown: "wait" } as const;
  // Only what is proven dead may be offered for cleaning.
  const gone = { resumable: "resume", dead: "cleanup", complete: "start", unknown: "start" } as const;
  const TABLE = {
    healthy: waits,
    late: waits,
    silent: waits,
    overdue: waits,
    orphaned: gone,
    // Its process is alive: it has to be stopped first.
    stuck: waits,
  } as const satisfies Record<Health, Record<RecoveryVerdict, Precheck>>;

  for (const health of HEALTHS) {
    for (const recovery of RECOVERY_VERDICTS) {
      test(`that is ${health} and ${recovery} says ${TABLE[health][recovery]}`, () => {
        for (const state of ACTIVE_STATES) {
          const run = aRun(state);
          const verdict = precheck({ run, health, recovery, ...LEFT }, OLD);
          expect(verdict).toMatchObject({ precheck: TABLE[health][recovery], run });
          expect(verdict.reason).toContain(run.id);
        }
      });
    }
  }

  test("a live run nobody has judged yet is waited for, never cleaned", () => {
    const newest = { run: aRun("running"), health: null, recovery: "dead", ...LEFT } as const;
    expect(precheck(newest, OLD).precheck).toBe("wait");
  });

  test("a young orphan with nothing to go on from is simply started after", () => {
    const newest = { run: aRun("running"), health: "orphaned", recovery: "dead", ...LEFT } as const;
    expect(precheck(newest, YOUNG).precheck).toBe("start");
  });
});

describe("E4 A4 the pre-start check of a job whose newest run is over", () => {
  const LEFT_UNFINISHED = {
    completed: false,
    failed: true,
    stopped: true,
    timed_out: true,
    interrupted: true,
    cleaned: false,
  } as const satisfies Record<FinalState, boolean>;

  function expected(state: FinalState, recovery: RecoveryVerdict, old: boolean): Precheck {
    if (LEFT_UNFINISHED[state] && recovery === "resumable") return "resume";
    return state === "interrupted" && recovery === "dead" && old ? "cleanup" : "start";
  }

  for (const state of RUN_STATES.filter(isFinal)) {
    for (const recovery of RECOVERY_VERDICTS) {
      for (const [name, terms] of Object.entries({ young: YOUNG, old: OLD })) {
        const wanted = expected(state, recovery, terms === OLD);
        test(`${state}, ${recovery} and ${name} says ${wanted}`, () => {
          const run = aRun(state);
          const answer = precheck({ run, health: null, recovery, ...LEFT }, terms);
          expect(answer).toMatchObject({ precheck: wanted, run });
          expect(answer.reason).toContain(run.id);
        });
      }
    }
  }

  test("a run that somebody has decided on is never cleaned or resumed by a start", () => {
    const run = aRun("interrupted", { unsettled: false });
    for (const recovery of RECOVERY_VERDICTS)
      expect(precheck({ run, health: null, recovery, ...LEFT }, OLD).precheck).toBe("start");
  });

  test("whatever it left, a process outside Unstuck is waited for", () => {
    for (const recovery of RECOVERY_VERDICTS) {
      const newest = { run: aRun("interrupted"), health: null, recovery, ...LEFT };
      const answer = precheck(newest, OLD, "Process 77 runs outside Unstuck.");
      expect(answer).toMatchObject({ precheck: "wait", reason: "Process 77 runs outside Unstuck." });
    }
    expect(precheck(null, OLD, "Process 77 runs outside Unstuck.").precheck).toBe("wait");
  });

  test("the threshold is a limit that must be passed", () => {
    const run = aRun("interrupted", { startedAt: T0 });
    const at = (ageMs: number) =>
      precheck({ run, health: null, recovery: "dead", ...LEFT }, { now: T0 + ageMs, thresholdMs: DAY })
        .precheck;
    expect([at(DAY), at(DAY + 1)]).toEqual(["start", "cleanup"]);
  });
});

test("UX-A2 it names what a resume would start from, and says so where there is only progress", () => {
  const newest = { run: aRun("interrupted"), health: null, recovery: "resumable" } as const;
  expect(precheck({ ...newest, ...LEFT }, OLD).reason).toMatch(
    /It can be resumed from checkpoint c\.json, page 7\.$/,
  );
  expect(precheck({ ...newest, ...LEFT, resumeFrom: null }, OLD)).toMatchObject({
    precheck: "resume",
    reason: expect.stringMatching(/ended interrupted\. It had done 7\.$/),
  });
});

test("a job that never ran may be started", () => {
  expect(precheck(null, OLD)).toEqual({ precheck: "start", run: null, reason: "It never ran." });
});
