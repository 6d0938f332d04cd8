import { describe, expect, it } from "vitest";
import type { RunView } from "@/lib/contracts/run";
import { countArrivals, refreshRows } from "./run-list";
import { aRunView } from "./run-view.fixture";

const run = (id: string, over: Partial<RunView> = {}) => aRunView({ id, ...over });

describe("refreshRows", () => {
  it("takes what is newly known of a run and moves nothing", () => {
    const rows = refreshRows(
      [run("b", { state: "running", version: 2 }), run("a", { version: 5 })],
      [run("c"), run("b", { state: "stopped", version: 4 }), run("a", { version: 3, state: "queued" })],
    );
    expect(rows.map(({ id, state }) => [id, state])).toEqual([
      ["b", "stopped"],
      ["a", "completed"],
    ]);
  });
});

describe("countArrivals", () => {
  it("counts runs that are not in the list", () => {
    expect(countArrivals([run("b"), run("a")], [run("d"), run("c"), run("b")])).toBe(2);
    expect(countArrivals([], [])).toBe(0);
  });
});
