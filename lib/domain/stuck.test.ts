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
  type StoredKey,
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
        expect(categoryOfActive(aRun(state), health)).toBeNull();
  });

  test("a queued run waits, whatever else is said of it", () => {
    for (const health of HEALTHS) expect(categoryOfActive(aRun("queued"), health)).toBe("waiting");
  });

  test("UX-A4 one that is stuck or overdue is hung, never dead, and one without its process is orphaned", () => {
    expect(categoryOfActive(aRun("running"), "stuck")).toBe("hung");
    expect(categoryOfActive(aRun("stopping"), "overdue")).toBe("hung");
    expect(categoryOfActive(aRun("running"), "orphaned")).toBe("orphaned");
  });

  test("UX-A2 one that a newer run of its job stands before is superseded, and counts as nothing else", () => {
    for (const verdict of RECOVERY_VERDICTS) {
      expect(categoryOfEnded(aRun("interrupted"), verdict, false)).toBe("superseded");
      expect(categoryOfEnded(aRun("interrupted", { unsettled: false }), verdict, false)).toBeNull();
    }
    expect(categoryOfEnded(aRun("failed"), "dead", false)).toBeNull();
  });

  test("a failed or timed-out run is stuck only while it can be resumed; an interrupted one until somebody decides", () => {
    for (const verdict of RECOVERY_VERDICTS) {
      expect(categoryOfEnded(aRun("interrupted"), verdict, true)).toBe(verdict);
      for (const state of ["failed", "timed_out"] as const)
        expect(categoryOfEnded(aRun(state), verdict, true)).toBe(verdict === "resumable" ? verdict : null);
    }
  });

  test("what was decided on is not stuck", () => {
    for (const state of RUN_STATES.filter(isFinal))
      for (const verdict of RECOVERY_VERDICTS)
        expect(categoryOfEnded(aRun(state, { unsettled: false }), verdict, true)).toBeNull();
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
      expect(remediesFor(aRun("interrupted"), category, true, "checkpoint c").includes("resume")).toBe(
        resumes,
      );
    }
  });

  test("UX-A2 a run with progress and no checkpoint is started again, not resumed", () => {
    expect(remediesFor(aRun("interrupted"), "resumable", true, null)).toEqual(["start_again", "clean"]);
    const said = { category: "resumable", health: null, isNewest: true, now: T0 } as const;
    const left = { sentence: "It had done 7.", resumeFrom: null };
    expect(stuckSentence(aRun("interrupted"), left, said)).toMatch(/It had done 7\. Start it again\.$/);
    const checkpoint = { sentence: "A checkpoint is there.", resumeFrom: "checkpoint c" };
    expect(stuckSentence(aRun("interrupted"), checkpoint, said)).toMatch(/is there\. Resume it\.$/);
  });

  test("UX-A4 a hung run is told what can be done with it once it is stopped", () => {
    const said = { category: "hung", health: "stuck", isNewest: true, now: T0 + 90_000_000 } as const;
    const left = (resumeFrom: string | null) => ({ sentence: "Nothing is left.", resumeFrom });
    expect(stuckSentence(aRun("running"), left(null), said)).toMatch(/^Alive for 1 d .*\. Stop it first\.$/);
    expect(stuckSentence(aRun("running"), left("checkpoint c"), said)).toMatch(
      /resumed then, from checkpoint c\.$/,
    );
  });

  test("a run that a newer one of its job stands before is not gone on from", () => {
    for (const category of RECOVERY_VERDICTS) {
      expect(remediesFor(aRun("interrupted"), category, false)).toEqual(["clean"]);
      expect(remediesFor(aRun("failed"), category, false)).toEqual([]);
    }
    const said = { category: "resumable", health: null, isNewest: false, now: T0 } as const;
    expect(stuckSentence(aRun("interrupted"), null, said)).toMatch(/a newer run of its job was started/);
  });

  test("every row says what is the matter in whole sentences", () => {
    for (const state of RUN_STATES)
      for (const category of STUCK_CATEGORIES) {
        const run = aRun(state);
        const health = isActive(state) ? "stuck" : null;
        const said = { category, health, isNewest: true, now: T0 + 90_000_000 } as const;
        const sentence = stuckSentence(run, { sentence: "Nothing is left.", resumeFrom: null }, said);
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
        const isNewest = random(4) > 0;
        const verdict = VERDICTS[random(VERDICTS.length)] ?? null;
        const now = RECOVERY_VERDICTS[random(4)] as RecoveryVerdict;
        const before: StoredKey = isNewest ? (verdict ?? "unread") : "superseded";
        return { run, verdict, before, category: categoryOfEnded(run, now, isNewest) };
      });
      // What the database lists: a failed run whose last verdict was another than resumable is not asked for any more.
      const listed = rows.filter(
        ({ run, verdict }) => run.state === "interrupted" || verdict === "resumable" || verdict === null,
      );
      const stored = { resumable: 0, dead: 0, complete: 0, unknown: 0, unread: 0, superseded: 0 };
      for (const { before } of listed) stored[before] += 1;
      const active = Array.from(
        { length: random(10) },
        () => STUCK_CATEGORIES[random(STUCK_CATEGORIES.length)] as StuckCategory,
      );
      const wanted = Object.fromEntries(STUCK_CATEGORIES.map((category) => [category, 0])) as Record<
        StuckCategory,
        number
      >;
      for (const { category } of listed) if (category !== null) wanted[category] += 1;
      for (const category of active) wanted[category] += 1;
      expect(recount(stored, listed, active)).toEqual(wanted);
    }
  });

  test("what nobody has read yet is unknown, never dead", () => {
    const stored = { resumable: 0, dead: 0, complete: 0, unknown: 1, unread: 3, superseded: 0 };
    expect(recount(stored, [], [])).toMatchObject({ unknown: 4, dead: 0 });
  });
});
