import { describe, expect, it } from "vitest";
import { runId } from "@/test/factories";
import type { RunId } from "./ids";
import { type Capacity, describeObstacle, isSameWait, takeTurns, type Waiting } from "./queue";

function waiting(name: string, locks: string[] = [], tags: string[] = []): Waiting {
  return {
    id: runId(name),
    locks: [`job:${name}`, ...locks.map((lock) => `shared:${lock}`)],
    tags,
  };
}

function held(locks: Record<string, string>): Map<string, RunId> {
  return new Map(Object.entries(locks).map(([lock, by]) => [`shared:${lock}`, runId(by)]));
}

/** Who may go, and what the others wait for. */
function turns(
  queue: Waiting[],
  holders: Map<string, RunId>,
  limits: Capacity[] = [],
): Record<string, string> {
  return Object.fromEntries(
    takeTurns(queue, holders, limits).map(({ run, obstacle }) => [
      run.id,
      obstacle === null ? "goes" : describeObstacle(obstacle),
    ]),
  );
}

const tag = (name: string, maxRuns: number, active: number): Capacity => ({
  name: `tag:${name}`,
  maxRuns,
  active,
});
const worker = (maxRuns: number, active: number): Capacity => ({ name: "worker", maxRuns, active });

describe("takeTurns, for locks", () => {
  it("lets everybody go who needs nothing that somebody else has or wants", () => {
    expect(turns([waiting("a", ["x"]), waiting("b", ["y"]), waiting("c")], held({}))).toEqual({
      a: "goes",
      b: "goes",
      c: "goes",
    });
  });

  it("of runs that want one lock lets the first go and the others wait for that one", () => {
    expect(turns([waiting("a", ["x"]), waiting("b", ["x"]), waiting("c", ["x"])], held({}))).toEqual({
      a: "goes",
      b: "lock x, held by a",
      c: "lock x, held by a",
    });
  });

  it("keeps a free lock for a run that waits for another, and says for whom", () => {
    expect(
      turns([waiting("b", ["x", "y"]), waiting("c", ["y"]), waiting("d", ["z"])], held({ x: "a" })),
    ).toEqual({ b: "lock x, held by a", c: "lock y, after b", d: "goes" });
  });

  it("takes from a run that lost one of its locks the turn it had been given", () => {
    const holders = new Map([["job:a", runId("a")]]);
    expect(turns([waiting("a", ["x"])], new Map([...holders, ...held({ x: "late" })]))).toEqual({
      a: "lock x, held by late",
    });
  });

  it("leaves a run its turn when a more urgent one comes after it was given", () => {
    const given = new Map([["job:a", runId("a")], ...held({ x: "a" })]);
    expect(turns([waiting("urgent", ["x"]), waiting("a", ["x"])], given)).toEqual({
      urgent: "lock x, held by a",
      a: "goes",
    });
  });
});

describe("takeTurns, for limits", () => {
  it("lets as many go as there are places, in order", () => {
    const queue = ["a", "b", "c"].map((name) => waiting(name, [], ["shop"]));
    expect(turns(queue, held({}), [tag("shop", 4, 2)])).toEqual({
      a: "goes",
      b: "goes",
      c: "its turn: 4 of 4 runs with tag shop are active",
    });
  });

  it("lets a run pass that does not count where the others wait", () => {
    expect(
      turns([waiting("a", [], ["shop"]), waiting("b")], held({}), [tag("shop", 1, 1), worker(2, 1)]),
    ).toEqual({ a: "its turn: 1 of 1 runs with tag shop are active", b: "goes" });
  });

  it("says when it is the host that is full", () => {
    expect(turns([waiting("a")], held({}), [worker(3, 3)])).toEqual({
      a: "its turn: this host runs at most 3",
    });
  });

  it("never ends what runs: over a lowered limit nobody starts", () => {
    expect(turns([waiting("a", [], ["t"])], held({}), [tag("t", 1, 5)])).toEqual({
      a: "its turn: 5 of 1 runs with tag t are active",
    });
  });

  it("takes a turn back that was given before the limit was lowered", () => {
    const given = new Map([["job:a", runId("a")]]);
    expect(turns([waiting("a", [], ["t"])], given, [tag("t", 1, 1)])).toEqual({
      a: "its turn: 1 of 1 runs with tag t are active",
    });
  });

  it("keeps the first in a line its place in its other lines, but no place for those behind it", () => {
    const queue = [
      waiting("both", [], ["t", "u"]),
      waiting("behind", [], ["t", "u"]),
      waiting("u-1", [], ["u"]),
      waiting("u-2", [], ["u"]),
    ];
    expect(turns(queue, held({}), [tag("t", 1, 1), tag("u", 2, 0)])).toMatchObject({
      "u-1": "goes",
      "u-2": "its turn: the last place of 2 for tag u is kept for a run before it",
    });
  });

  it("keeps no place for a run that waits for a lock", () => {
    expect(
      turns([waiting("a", ["x"], ["t"]), waiting("b", [], ["t"])], held({ x: "z" }), [tag("t", 1, 0)]),
    ).toEqual({ a: "lock x, held by z", b: "goes" });
  });

  it("keeps a lock for a run that waits for a place", () => {
    expect(
      turns([waiting("a", ["x"], ["t"]), waiting("b", ["x"])], held({}), [tag("t", 1, 1)]),
    ).toMatchObject({
      b: "lock x, after a",
    });
  });
});

describe("isSameWait", () => {
  it.each([
    [null, "lock x, held by run_1", false],
    ["lock x, held by run_1", "lock x, after run_2", true],
    ["lock x, held by run_1", "lock y, held by run_1", false],
    ["its turn: 4 of 4 runs with tag x are active", "its turn: this host runs at most 2", true],
    ["lock x, held by run_1", "its turn: this host runs at most 2", false],
  ] as const)("%j then %j: %j", (before, now, same) => expect(isSameWait(before, now)).toBe(same));
});
