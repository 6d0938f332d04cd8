import { describe, expect, test } from "vitest";
import { aRun } from "@/test/factories";
import { doneBy, reasonNow, withLeftBehind } from "./reason";
import { RUN_STATES } from "./run";
import { transition } from "./transition";

const NOW = 1_767_225_700_000;

describe("UX-A7 who asked for a stop", () => {
  test("has only requested it until the run is over, and has stopped it then", () => {
    const reason = doneBy("Stopped by", "operator", "lunch");
    const event = { type: "stop_requested", cause: "stop", graceMs: 1_000, reason } as const;
    const asked = transition(aRun("running"), event, NOW);
    if (!asked.ok) throw new Error(asked.reason);
    expect(reasonNow(asked.run)).toBe("Stop requested by operator: “lunch”.");
    const over = transition(asked.run, { type: "tree_gone" }, NOW);
    if (!over.ok) throw new Error(over.reason);
    expect(reasonNow(over.run)).toBe("Stopped by operator: “lunch”.");
  });

  test("is told of a restart too, and of rows that an earlier version wrote", () => {
    const stopping = (reason: string) => reasonNow(aRun("stopping", { reason }));
    expect(stopping("Stopped for a restart by operator.")).toBe("Restart requested by operator.");
    expect(stopping("Stopped by owner: lunch")).toBe("Stop requested by owner: lunch");
    expect(stopping("No sign of life for 10 min.")).toBe("No sign of life for 10 min.");
  });

  test("changes no reason of any other state", () => {
    for (const state of RUN_STATES.filter((one) => one !== "stopping"))
      expect(reasonNow({ state, reason: "Stopped by me." })).toBe("Stopped by me.");
  });
});

test("UX-D11 a person's words are quoted, and end with our full stop", () => {
  expect(doneBy("Stopped by", "operator", " trying out stop ")).toBe(
    "Stopped by operator: “trying out stop”.",
  );
  expect(doneBy("Stopped by", "operator", null)).toBe("Stopped by operator.");
});

test("FR-A15 what a program had left behind and was ended is named in the reason", () => {
  expect(withLeftBehind("Exited with code 0.", [])).toBe("Exited with code 0.");
  expect(withLeftBehind("Exited with code 0.", ["sleep 300"])).toBe(
    "Exited with code 0; 1 process it had left was ended: sleep 300.",
  );
  expect(withLeftBehind("Exited with code 3.", ["a", "b", "c", "d", "e"])).toBe(
    "Exited with code 3; 5 processes it had left were ended: a, b, c and 2 more.",
  );
  expect(withLeftBehind("Done.", ["x".repeat(500)]).length).toBeLessThan(160);
});

test("FR-A15 a run that was stopped before it ended keeps the words of its stop", () => {
  const exit = { code: 0, signal: null };
  const event = { type: "exited", exit, endedAt: NOW, outcome: null, leftBehind: ["sleep 300"] } as const;
  const alone = transition(aRun("running"), { ...event, beforeSignal: true }, NOW);
  expect(alone.ok && alone.run.reason).toContain("1 process it had left was ended: sleep 300.");
  const stopped = transition(aRun("stopping"), { ...event, beforeSignal: false }, NOW);
  expect(stopped).toMatchObject({ ok: true, run: { state: "stopped", reason: null } });
});
