import { describe, expect, it } from "vitest";
import { jobOf, mayOf } from "./may";

const nightly = { id: "nightly", tags: ["shop"] };
const other = { id: "other", tags: [] };

describe("mayOf", () => {
  it("offers nothing to a person who is not known", () => {
    const { may, mayAnywhere } = mayOf(null);
    expect(may("viewer", null)).toBe(false);
    expect(may("viewer", nightly)).toBe(false);
    expect(mayAnywhere("viewer")).toBe(false);
  });

  it("offers a role for everything everywhere, and nothing above it", () => {
    const { may, mayAnywhere } = mayOf({ role: "operator", grants: [] });
    expect(may("operator", null)).toBe(true);
    expect(may("operator", nightly)).toBe(true);
    expect(may("admin", nightly)).toBe(false);
    expect(mayAnywhere("admin")).toBe(false);
  });

  it("offers a grant for its job or the jobs with its tag only", () => {
    for (const on of ["job:nightly", "tag:shop"]) {
      const { may, mayAnywhere } = mayOf({ role: null, grants: [{ role: "operator", on }] });
      expect(may("operator", nightly), on).toBe(true);
      expect(may("operator", other), on).toBe(false);
      expect(may("viewer", null), on).toBe(false);
      expect(mayAnywhere("operator"), on).toBe(true);
      expect(mayAnywhere("admin"), on).toBe(false);
    }
  });

  it("adds a grant to a role for everything", () => {
    const { may } = mayOf({ role: "viewer", grants: [{ role: "operator", on: "job:nightly" }] });
    expect(may("viewer", null)).toBe(true);
    expect(may("operator", nightly)).toBe(true);
    expect(may("operator", other)).toBe(false);
    expect(may("operator", null)).toBe(false);
  });

  it("takes a target it does not know for none", () => {
    const { may } = mayOf({ role: null, grants: [{ role: "operator", on: "everything" }] });
    expect(may("operator", nightly)).toBe(false);
  });
});

describe("jobOf", () => {
  it("names the job of a row of the status", () => {
    expect(jobOf({ job: "nightly", tags: ["shop"] })).toEqual(nightly);
  });
});
