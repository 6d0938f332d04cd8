import { expect, it } from "vitest";
import { type NextStep, nextStep } from "./next-step";
import { aRunView } from "./run-view.fixture";

const kept = { state: "interrupted", unsettled: true, verdict: "resumable" } as const;

it.each<[NextStep, Parameters<typeof nextStep>[0]]>([
  ["start", null],
  ["stop", aRunView({ state: "stopping" })],
  ["resume", aRunView({ ...kept, resumeFrom: "checkpoint c" })],
  ["start_again", aRunView(kept)],
  ["start", aRunView({ ...kept, verdict: "dead" })],
  ["start", aRunView({ verdict: "complete" })],
])("UX-A2 the one button of a row says %s", (step, run) => expect(nextStep(run)).toBe(step));
