import { describe, expect, it } from "vitest";
import { RUN_STATES } from "@/lib/domain/run";
import { parseRunFilter, STATE_FILTERS } from "./run-filter";

describe("parseRunFilter", () => {
  it.each([
    [{}, {}],
    [
      { job: "nightly", state: "failed" },
      { job: "nightly", state: "failed" },
    ],
    [{ state: "failed,nonsense,stopped" }, { state: "failed,stopped" }],
    [{ job: "../etc", state: "nonsense" }, {}],
    [{ job: ["a", "b"], state: undefined }, {}],
    // FR-A14: runs that ended the same way.
    [{ fingerprint: "KeyError: <text>" }, { fingerprint: "KeyError: <text>" }],
    [{ fingerprint: "" }, {}],
    [{ fingerprint: "x".repeat(999) }, { fingerprint: "x".repeat(200) }],
  ])("reads %j as %j", (params, filter) => expect(parseRunFilter(params)).toEqual(filter));

  it("understands every choice it offers", () => {
    const offered = STATE_FILTERS.flatMap(({ value }) => (value === "" ? [] : value.split(",")));
    expect(offered.filter((state) => !RUN_STATES.some((known) => known === state))).toEqual([]);
  });
});
