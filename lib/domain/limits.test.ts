import { describe, expect, it } from "vitest";
import { aRun } from "@/test/factories";
import { overLimit } from "./limits";
import { RUN_STATES, type Run } from "./run";

const HOUR = 3_600_000;

function limited(
  changes: Partial<Run["spec"]["timeouts"]>,
  onSilence: Run["spec"]["onSilence"] = "stop",
): Run {
  const run = aRun("running");
  return { ...run, spec: { ...run.spec, onSilence, timeouts: { ...run.spec.timeouts, ...changes } } };
}

describe("overLimit", () => {
  it("C2 names the longest duration before the silence when a run is over both", () => {
    const run = limited({ maxDurationMs: HOUR, silenceMs: 60_000 });
    expect(overLimit(run, { ranMs: HOUR + 1, quietMs: HOUR })).toMatchObject({ cause: "max_duration" });
  });

  it("stops a run that has spoken and then went silent, and tells both durations", () => {
    expect(overLimit(limited({ silenceMs: 60_000 }), { ranMs: HOUR, quietMs: 90_000 })).toEqual({
      cause: "silence",
      reason: "No sign of life for 1 min 30 s; the job allows 1 min.",
    });
  });

  it("leaves alone a run that never spoke, one within its limits, and one that is only to be flagged", () => {
    expect(overLimit(limited({ silenceMs: 60_000 }), { ranMs: HOUR, quietMs: null })).toBeNull();
    expect(overLimit(limited({ silenceMs: 60_000 }), { ranMs: HOUR, quietMs: 60_000 })).toBeNull();
    expect(overLimit(limited({ silenceMs: 60_000 }, "flag"), { ranMs: HOUR, quietMs: HOUR })).toBeNull();
    expect(overLimit(limited({ maxDurationMs: HOUR }), { ranMs: HOUR, quietMs: 0 })).toBeNull();
  });

  it("has nothing to say of a run that is not running", () => {
    for (const state of RUN_STATES.filter((one) => one !== "running")) {
      const run = { ...limited({ maxDurationMs: 1, silenceMs: 1 }), state };
      expect(overLimit(run, { ranMs: HOUR, quietMs: HOUR })).toBeNull();
    }
  });
});
