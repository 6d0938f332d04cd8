import { describe, expect, it } from "vitest";
import type { StuckItemView } from "@/lib/contracts/stuck";
import { aRunView } from "./run-view.fixture";
import { countInWords, isTicked, sectionsOf, tickedOf } from "./stuck-rows";

function item(id: string, over: Partial<StuckItemView> = {}): StuckItemView {
  const run = aRunView({ id, state: "interrupted", unsettled: true });
  return { run, category: "dead", ageMs: 0, sentence: "", can: ["clean", "start"], ...over };
}
const dead = item("dead");
const resumable = item("resumable", { category: "resumable", can: ["resume", "clean", "start"] });
const orphaned = item("orphaned", { category: "orphaned", can: ["stop"] });

describe("sectionsOf", () => {
  it("puts what nobody looks after first and leaves empty sections out", () => {
    expect(sectionsOf([dead, resumable, orphaned]).map(({ category }) => category)).toEqual([
      "orphaned",
      "resumable",
      "dead",
    ]);
  });
});

describe("isTicked", () => {
  it("ticks dead runs from the start and resumable ones only by hand", () => {
    expect(tickedOf([dead, resumable, orphaned], new Map())).toEqual([dead]);
    const byHand = new Map([
      ["dead", false],
      ["resumable", true],
    ]);
    expect(tickedOf([dead, resumable], byHand)).toEqual([resumable]);
  });

  it("UX-A2 ticks a superseded run from the start only where it is dead", () => {
    const superseded = (verdict: "dead" | "resumable") => ({
      ...item(verdict, { category: "superseded", can: ["clean"] }),
      run: aRunView({ id: verdict, state: "interrupted", superseded: true, verdict }),
    });
    const items = [superseded("dead"), superseded("resumable")];
    expect(tickedOf(items, new Map()).map(({ run }) => run.id)).toEqual(["dead"]);
  });

  it("never ticks what cannot be cleaned", () => {
    expect(isTicked(orphaned, new Map([["orphaned", true]]))).toBe(false);
  });
});

describe("countInWords", () => {
  it.each<[StuckItemView[], string]>([
    [[], "no runs"],
    [[dead], "1 dead run"],
    [[dead, item("2"), item("3")], "3 dead runs"],
    [[dead, resumable], "1 resumable and 1 dead runs"],
  ])("says what is meant", (items, words) => expect(countInWords(items)).toBe(words));
});
