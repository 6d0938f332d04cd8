import { describe, expect, test } from "vitest";
import { aRun } from "@/test/factories";
import { doneBy, reasonNow } from "./reason";
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
