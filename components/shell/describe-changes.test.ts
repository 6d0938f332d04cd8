import { describe, expect, it } from "vitest";
import { aRunView, aStatusView } from "@/lib/client/run-view.fixture";
import type { RunView } from "@/lib/contracts/run";
import { describeChanges } from "./describe-changes";

const job = (name: string, over: Partial<RunView>) =>
  aStatusView(aRunView({ job: name, ...over }), { title: name });

describe("describeChanges", () => {
  it("says nothing at first and when nothing changed", () => {
    const items = [job("a", { state: "running", health: "healthy" })];
    expect(describeChanges([], items)).toBe("");
    expect(describeChanges(items, items)).toBe("");
  });

  it("names new states, new runs and worse health", () => {
    const before = [
      job("a", { state: "running" }),
      job("b", { id: "run_1" }),
      job("c", { state: "running", health: "healthy" }),
    ];
    const after = [
      job("a", { state: "stopping" }),
      job("b", { id: "run_2" }),
      job("c", { state: "running", health: "silent" }),
    ];
    expect(describeChanges(before, after)).toBe("a: Stopping. b: Completed. c is silent.");
  });

  it("counts when there are many", () => {
    const names = ["a", "b", "c", "d"];
    const before = names.map((name) => job(name, { state: "running" }));
    const after = names.map((name) => job(name, { state: "failed" }));
    expect(describeChanges(before, after)).toBe("4 runs changed their state.");
  });
});
