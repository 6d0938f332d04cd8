import { expect, test } from "vitest";
import { aRun } from "@/test/factories";
import { RUN_STATES, type RunState } from "./run";
import { type JobState, jobState } from "./status";

const TABLE = {
  queued: "RUNNING",
  starting: "RUNNING",
  running: "RUNNING",
  stopping: "RUNNING",
  completed: "COMPLETED",
  failed: "FAILED",
  stopped: "IDLE",
  timed_out: "TIMEOUT",
  interrupted: "FAILED",
  cleaned: "TIMEOUT",
} as const satisfies Record<RunState, JobState>;

for (const state of RUN_STATES) {
  test(`C1 C6 a job whose newest run is ${state} is ${TABLE[state]} to older clients`, () => {
    expect(jobState(aRun(state))).toBe(TABLE[state]);
  });
}

test("C1 a job that never ran is IDLE", () => expect(jobState(null)).toBe("IDLE"));
