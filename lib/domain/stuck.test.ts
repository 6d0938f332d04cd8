import { describe, expect, test } from "vitest";
import { aRun, T0 } from "@/test/factories";
import { HEALTHS } from "./health";
import { ACTIVE_STATES, isActive, isFinal, RUN_STATES } from "./run";
import {
  ageOf,
  categoryOfActive,
  categoryOfEnded,
  recount,
  remediesFor,
  STUCK_CATEGORIES,
  type StuckCategory,
  stuckSentence,
} from "./stuck";
import { RECOVERY_VERDICTS, type RecoveryVerdict } from "./verdict";

/** Numbers below `n`, the same ones in every run of the test. */
function seeded(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state % n;
  };
}

describe("E1 E2 what is stuck, and as what", () => {
  test("an active run is never on the list while it is healthy, late or silent", () => {
    for (const state of ["starting", "running", "stopping"] as const)
      for (const health of ["healthy", "late", "silent", null] as const)
        expect(categoryOfActive(aRun(state), health, () => "dead")).toBeNull();
  });

  test("a queued run waits, whatever else is said of it", () => {
    for (const health of HEALTHS)
      expect(categoryOfActive(aRun("queued"), health, () => "dead")).toBe("waiting");
  });

  test("one that is stuck is what its checkpoint says, one without its process is orphaned", () => {
    for (const verdict of RECOVERY_VERDICTS) {
      expect(categoryOfActive(aRun("running"), "stuck", () => verdict)).toBe(verdict);
      expect(categoryOfActive(aRun("stopping"), "overdue", () => verdict)).toBe(verdict);
      expect(categoryOfActive(aRun("running"), "orphaned", () => verdict)).toBe("orphaned");
    }
  });

  test("a failed or timed-out run is stuck only while it can be resumed; an interrupted one until somebody decides", () => {
    for (const verdict of RECOVERY_VERDICTS) {
      expect(categoryOfEnded(aRun("interrupted"), verdict)).toBe(verdict);
      for (const state of ["failed", "timed_out"] as const)
        expect(categoryOfEnded(aRun(state), verdict)).toBe(verdict === "resumable" ? verdict : null);
    }
  });

  test("what was decided on is not stuck", () => {
    for (const state of RUN_STATES.filter(isFinal))
      for (const verdict of RECOVERY_VERDICTS)
        expect(categoryOfEnded(aRun(state, { unsettled: false }), verdict)).toBeNull();
  });
});

describe("what can be done about it", () => {
  test("an active run can be stopped and nothing else: what lives is never cleaned", () => {
    for (const state of ACTIVE_STATES)
      for (const category of STUCK_CATEGORIES)
        expect(remediesFor(aRun(state), category, true)).toEqual(["stop"]);
  });

  test("only an interrupted run can be cleaned, and a dead one cannot be resumed", () => {
    for (const category of RECOVERY_VERDICTS) {
      expect(remediesFor(aRun("failed"), category, true)).not.toContain("clean");
      expect(remediesFor(aRun("interrupted"), category, true)).toContain("clean");
      const resumes = category === "resumable" || category === "unknown";
      expect(remediesFor(aRun("interrupted"), category, true).includes("resume")).toBe(resumes);
    }
  });

  test("a run that a newer one of its job stands before is not gone on from", () => {
    for (const category of RECOVERY_VERDICTS) {
      expect(remediesFor(aRun("interrupted"), category, false)).toEqual(["clean"]);
      expect(remediesFor(aRun("failed"), category, false)).toEqual([]);
    }
    const said = { category: "resumable", health: null, isNewest: false, now: T0 } as const;
    expect(stuckSentence(aRun("interrupted"), null, said)).toMatch(/A newer run of its job is there/);
  });

  test("every row says what is the matter in whole sentences", () => {
    for (const state of RUN_STATES)
      for (const category of STUCK_CATEGORIES) {
        const run = aRun(state);
        const health = isActive(state) ? "stuck" : null;
        const said = { category, health, isNewest: true, now: T0 + 90_000_000 } as const;
        const sentence = stuckSentence(run, { sentence: "Nothing is left." }, said);
        expect(sentence).toMatch(/^[A-Z].*\.\s*$/);
      }
  });
});

test("a clock that was set back makes no run younger than nothing", () => {
  expect(ageOf({ startedAt: T0, queuedAt: T0 - 5 }, T0 - 1_000)).toBe(0);
  expect(ageOf({ startedAt: null, queuedAt: T0 }, T0 + 7)).toBe(7);
});

describe("counting with verdicts some of which are out of date", () => {
  const random = seeded(4711);
  const VERDICTS: readonly (RecoveryVerdict | null)[] = [...RECOVERY_VERDICTS, null];

  test("counts what reading every row would have counted", () => {
    for (let round = 0; round < 500; round += 1) {
      const rows = Array.from({ length: random(40) }, () => {
        const run = aRun((["interrupted", "failed", "timed_out"] as const)[random(3)]);
        const before = VERDICTS[random(VERDICTS.length)] ?? null;
        const now = RECOVERY_VERDICTS[random(4)] as RecoveryVerdict;
        return { run, before, category: categoryOfEnded(run, now) };
      });
      // What the database lists: a failed run whose last verdict was another than resumable is not asked for any more.
      const listed = rows.filter(
        ({ run, before }) => run.state === "interrupted" || before === "resumable" || before === null,
      );
      const stored = { resumable: 0, dead: 0, complete: 0, unknown: 0, unread: 0 };
      for (const { before } of listed) stored[before ?? "unread"] += 1;
      const active = Array.from(
        { length: random(10) },
        () => STUCK_CATEGORIES[random(STUCK_CATEGORIES.length)] as StuckCategory,
      );
      const wanted = { resumable: 0, dead: 0, complete: 0, unknown: 0, orphaned: 0, waiting: 0 };
      for (const { category } of listed) if (category !== null) wanted[category] += 1;
      for (const category of active) wanted[category] += 1;
      expect(recount(stored, listed, active)).toEqual(wanted);
    }
  });

  test("what nobody has read yet is unknown, never dead", () => {
    const stored = { resumable: 0, dead: 0, complete: 0, unknown: 1, unread: 3 };
    expect(recount(stored, [], [])).toMatchObject({ unknown: 4, dead: 0 });
  });
});
