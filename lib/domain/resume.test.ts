import { describe, expect, test } from "vitest";
import { aRun, T0 } from "@/test/factories";
import { judgeRecovery } from "./recovery";
import { isSuperseded, resumeOf } from "./resume";
import { ACTIVE_STATES, isFinal, RUN_STATES, type Run } from "./run";

const PATH = "/jobs/shop/state.json";
const WITH_CHECKPOINT = judgeRecovery(
  { found: "data", path: PATH, bytes: 9, modifiedAt: T0, summary: null, place: "page 131" },
  null,
  T0,
);
const NOTHING = judgeRecovery({ found: "none", path: PATH }, null, T0);

function say(run: Run, recovery: typeof NOTHING | null, superseded = false) {
  return resumeOf({ run, health: null, recovery, superseded });
}

describe("UX-A2 what is said of a run's work", () => {
  test("a completed run has nothing to resume, whatever checkpoint it left and whether anybody looked", () => {
    for (const recovery of [WITH_CHECKPOINT, NOTHING, null])
      expect(say(aRun("completed"), recovery)).toEqual({
        verdict: "complete",
        sentence: "Finished: nothing to resume.",
        resumeFrom: null,
        oldFolder: null,
      });
  });

  test("only the newest run of a job says what it would resume from", () => {
    const run = aRun("interrupted");
    expect(say(run, WITH_CHECKPOINT)).toMatchObject({ resumeFrom: "checkpoint state.json, page 131" });
    expect(say(run, WITH_CHECKPOINT, true)).toMatchObject({ verdict: "resumable", resumeFrom: null });
    expect(say(run, WITH_CHECKPOINT, true).sentence).toMatch(/^Superseded: a newer run/);
  });

  test("a run that was cleaned up is not resumed until that is undone", () => {
    expect(say(aRun("cleaned"), WITH_CHECKPOINT)).toMatchObject({ verdict: "resumable", resumeFrom: null });
    expect(say(aRun("cleaned"), WITH_CHECKPOINT).sentence).toMatch(/Undo that first/);
  });

  test("a list that reads no checkpoint says what was read last, and nothing once it is decided", () => {
    const kept = { verdict: "resumable", resumeFrom: "checkpoint c" } as const;
    expect(say(aRun("interrupted", kept), null)).toEqual({ ...kept, oldFolder: null, sentence: null });
    expect(say(aRun("interrupted", { ...kept, unsettled: false }), null).resumeFrom).toBeNull();
  });

  test("superseded is what left work and has a newer run before it", () => {
    const superseded = RUN_STATES.filter((state) => isFinal(state) && isSuperseded({ state }, false));
    expect(superseded).toEqual(["failed", "stopped", "timed_out", "interrupted"]);
    for (const state of RUN_STATES) expect(isSuperseded({ state }, true)).toBe(false);
  });
});

describe("UX-A4 a living process", () => {
  test("is never called dead: it has left nothing yet", () => {
    for (const state of ACTIVE_STATES)
      for (const health of ["healthy", "stuck", "overdue"] as const) {
        const said = resumeOf({ run: aRun(state), health, recovery: NOTHING, superseded: false });
        expect(said).toMatchObject({ verdict: null, resumeFrom: null });
        expect(said.sentence).toMatch(/^Nothing to resume from yet/);
      }
  });

  test("says what it would leave, and one whose process is gone is judged as what has ended", () => {
    const run = aRun("running");
    const said = (health: "healthy" | "orphaned", recovery: typeof NOTHING) =>
      resumeOf({ run, health, recovery, superseded: false });
    expect(said("healthy", WITH_CHECKPOINT)).toMatchObject({
      verdict: "resumable",
      resumeFrom: "checkpoint state.json, page 131",
    });
    expect(said("orphaned", NOTHING)).toMatchObject({ verdict: "dead" });
  });
});
