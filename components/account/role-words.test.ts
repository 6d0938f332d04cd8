import { describe, expect, it } from "vitest";
import { grantsInWords, roleInBrief } from "./role-words";

const grants = [
  { role: "operator", on: "job:nightly" },
  { role: "viewer", on: "tag:shop" },
] as const;

describe("roleInBrief", () => {
  it("names the role for everything, whatever else is granted", () => {
    expect(roleInBrief({ role: "viewer", grants: [...grants] })).toBe("Viewer");
  });

  it("says that there are grants only, or nothing at all", () => {
    expect(roleInBrief({ role: null, grants: [...grants] })).toBe("Single jobs");
    expect(roleInBrief({ role: null, grants: [] })).toBe("No role");
  });
});

describe("grantsInWords", () => {
  it("says what may be done with which jobs, beside the role", () => {
    const words = grantsInWords({ role: "viewer", grants: [...grants] }, () => "Nightly prices");
    expect(words).toBe("Starts and stops Nightly prices. Sees jobs tagged shop.");
  });

  it("says nothing where there is none", () => {
    expect(grantsInWords({ role: "admin", grants: [] }, (job) => job)).toBe("");
  });
});
