import { expect, test } from "vitest";
import { aRun, nextRunId } from "@/test/factories";
import { chooseDeletion, deletionObstacle } from "./deletion";
import { isActive, RUN_STATES } from "./run";

const ALONE = { lineageOpen: false, isNewest: false, adoptedAs: null };

test("deletes what is over and decided about, and nothing else", () => {
  for (const state of RUN_STATES) {
    expect(chooseDeletion(aRun(state, { unsettled: false }), ALONE).action, state).toBe(
      isActive(state) ? "keep" : "delete",
    );
    expect(chooseDeletion(aRun(state, { unsettled: true }), ALONE).action, state).toBe("keep");
  }
});

test("keeps an open lineage and the newest run", () => {
  const run = aRun("completed");
  expect(chooseDeletion(run, { ...ALONE, lineageOpen: true }).why).toMatch(/lineage is open/);
  expect(chooseDeletion(run, { ...ALONE, isNewest: true }).why).toMatch(/newest run/);
  expect(chooseDeletion(run, { ...ALONE, adoptedAs: nextRunId() }).why).toMatch(/Its log is that of/);
});

test("leaves alone what changed since it was planned", () => {
  const run = aRun("completed");
  expect(deletionObstacle({ runVersion: run.version }, run, ALONE)).toBeNull();
  expect(deletionObstacle({ runVersion: run.version - 1 }, run, ALONE)).toMatch(/changed/);
  expect(deletionObstacle({ runVersion: run.version }, run, { ...ALONE, lineageOpen: true })).toMatch(/open/);
});
