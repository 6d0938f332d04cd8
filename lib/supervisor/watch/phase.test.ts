import { expect, test } from "vitest";
import { begin, end, isEnding, isLaunching, isLooking, type Phase, type Work } from "./phase";

const WORKS: readonly Work[] = ["launch", "look", "end"];

function under(...works: Work[]): { phase: Phase } {
  const watched = { phase: "resting" as Phase };
  for (const work of works) if (!begin(watched, work)) throw new Error(`${work} did not begin`);
  return watched;
}

function works(watched: { phase: Phase }): Work[] {
  const is = { launch: isLaunching, look: isLooking, end: isEnding };
  return WORKS.filter((work) => is[work](watched));
}

test.each(WORKS)(
  "one %s at a time: a second is refused while the first is under way, and can begin after it",
  (work) => {
    const watched = under(work);
    expect(works(watched)).toEqual([work]);
    expect(begin(watched, work)).toBe(false);
    expect(works(watched)).toEqual([work]);
    end(watched, work);
    expect(watched.phase).toBe("resting");
    expect(begin(watched, work)).toBe(true);
  },
);

test.each([
  ["launch", "end"],
  ["look", "end"],
] as const)("a stop does not wait for a %s, and each is over by itself, in either order", (first, second) => {
  for (const order of [
    [first, second],
    [second, first],
  ] as const) {
    const watched = under(first, second);
    expect(works(watched)).toEqual(WORKS.filter((work) => work === first || work === second));
    end(watched, order[0]);
    expect(works(watched)).toEqual([order[1]]);
    end(watched, order[1]);
    expect(watched.phase).toBe("resting");
  }
});

test("a launch begins although a stop was taken up just before it", () => {
  expect(works(under("end", "launch"))).toEqual(["launch", "end"]);
});

test.each([
  ["a launch", under("launch")],
  ["a stop", under("end")],
  ["a launch that is being ended", under("launch", "end")],
])("nothing looks whether a run has ended by itself during %s", (_, watched) => {
  expect(begin(watched, "look")).toBe(false);
});

test("nothing is launched during a look: what is looked at was launched before", () => {
  expect(begin(under("look"), "launch")).toBe(false);
  expect(begin(under("look", "end"), "launch")).toBe(false);
});

test("the end of what is not under way changes nothing", () => {
  const watched = under("look");
  end(watched, "launch");
  end(watched, "end");
  expect(watched.phase).toBe("looking");
});
