import { describe, expect, test } from "vitest";
import { HOUR_MS } from "@/lib/domain/hours";
import { aRun, T0 } from "@/test/factories";
import { type CleanUpCandidate, checkAge, chooseCleanUp, recheckCleanUp } from "./clean-up";
import type { PlanItem } from "./plan";
import { RUN_STATES, type Run } from "./run";
import { ageOf } from "./stuck";
import { RECOVERY_VERDICTS, type RecoveryVerdict } from "./verdict";

const recoveryOf = (verdict: RecoveryVerdict) => ({
  verdict,
  sentence: `It is ${verdict}.`,
  resumeFrom: null,
  oldFolder: null,
  evidence: [],
});

function choose(run: Run, more: Partial<CleanUpCandidate> = {}) {
  const recovery = recoveryOf("dead");
  return chooseCleanUp({ run, health: null, processAlive: null, recovery, ticked: false, ...more });
}

describe("what a clean-up does to a run", () => {
  test("E2 cleans what is dead and keeps all else, unless it is ticked", () => {
    const run = aRun("interrupted");
    for (const verdict of RECOVERY_VERDICTS) {
      const recovery = recoveryOf(verdict);
      expect(choose(run, { recovery }).action, verdict).toBe(verdict === "dead" ? "clean" : "keep");
      expect(choose(run, { recovery, ticked: true }).action, verdict).toBe("clean");
      expect(choose(run, { recovery }).why).toContain(`It is ${verdict}.`);
    }
  });

  test("keeps every state but an interrupted one, and says why, whoever ticked it", () => {
    for (const state of RUN_STATES.filter((one) => one !== "interrupted")) {
      const choice = choose(aRun(state), { ticked: true, processAlive: true });
      expect(choice.action, state).toBe("keep");
      expect(choice.why.length, state).toBeGreaterThan(10);
    }
  });

  test("never plans to touch a process that lives, or of which nobody knows", () => {
    for (const state of ["starting", "running", "stopping"] as const) {
      expect(choose(aRun(state), { processAlive: true, health: "stuck" })).toEqual({
        action: "keep",
        why: "It is alive: stop it first.",
      });
      expect(choose(aRun(state), { processAlive: null, health: "overdue" }).action).toBe("keep");
      expect(choose(aRun(state), { processAlive: false, health: "orphaned" }).action).toBe("clean");
    }
  });

  test("keeps what a newer run has decided about", () => {
    expect(choose(aRun("interrupted", { unsettled: false }), { ticked: true }).why).toMatch(/newer run/);
  });

  test("E12 refuses a threshold under 12 hours and says why, unless it is meant", () => {
    expect(() => checkAge(12 * HOUR_MS, false)).not.toThrow();
    expect(() => checkAge(0, true)).not.toThrow();
    expect(() => checkAge(12 * HOUR_MS - 1, false)).toThrow(/merely slow.*looks dead/);
  });

  test("counts age from the start, or from when it was asked for, and never below zero", () => {
    expect(ageOf(aRun("running"), T0 + HOUR_MS)).toBe(HOUR_MS - 2_000);
    expect(ageOf(aRun("queued"), T0 + HOUR_MS)).toBe(HOUR_MS);
    expect(ageOf(aRun("running"), T0 - HOUR_MS)).toBe(0);
  });
});

describe("the check before a planned clean-up", () => {
  const run = aRun("interrupted");
  const checkpoint = (at: number | null) => ({ fact: "checkpoint", value: "c.json", at });
  const item = {
    runState: "interrupted",
    runVersion: run.version,
    verdict: "dead",
    evidence: [checkpoint(T0)],
  } as unknown as PlanItem;
  const dead = { ...recoveryOf("dead"), evidence: [checkpoint(T0)] };

  test("lets pass what is still as it was, with the words clean-ups are found by", () => {
    const checked = recheckCleanUp(item, { run, recovery: dead });
    expect(checked).toMatchObject({ ok: true, reason: "Timeout – Auto-cleaned: It is dead." });
  });

  test("lets pass what was active and is proven gone since", () => {
    const active = { ...item, runState: "running", runVersion: 2 } as PlanItem;
    expect(recheckCleanUp(active, { run, recovery: dead }).ok).toBe(true);
  });

  const CHANGED: Record<string, { run?: Partial<Run> | null; recovery?: typeof dead; says: RegExp }> = {
    "was deleted": { run: null, says: /deleted/ },
    "is alive": { run: { state: "running" }, says: /running/ },
    "was stopped": { run: { state: "stopped" }, says: /stopped now/ },
    "was gone on from": { run: { unsettled: false }, says: /newer run/ },
    "was changed": { run: { version: 9 }, says: /changed since/ },
    "can be resumed now": { recovery: { ...dead, verdict: "resumable" }, says: /was dead and is resumable/ },
    "had its checkpoint written": { recovery: { ...dead, evidence: [checkpoint(T0 + 1)] }, says: /progress/ },
  };
  for (const [what, { run: changes = {}, recovery = dead, says }] of Object.entries(CHANGED)) {
    test(`leaves alone what ${what}`, () => {
      const found = changes === null ? null : { ...run, ...changes };
      const checked = recheckCleanUp(item, { run: found, recovery });
      expect(checked).toMatchObject({ ok: false, detail: expect.stringMatching(says) });
    });
  }
});
