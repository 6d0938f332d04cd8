import { describe, expect, it } from "vitest";
import { mayOf } from "@/lib/client/may";
import { destinationBehind, destinationsOf } from "./destinations";

const admin = mayOf({ role: "admin", grants: [] });
const operator = mayOf({ role: "operator", grants: [] });
const someJobs = mayOf({ role: null, grants: [{ role: "operator", on: "job:nightly" }] });

const labels = (...args: Parameters<typeof destinationsOf>) =>
  destinationsOf(...args).map(({ label }) => label);

describe("destinationsOf", () => {
  it("shows administration to admins only", () => {
    expect(labels("administration", admin)).toEqual(["Users", "Tokens", "Audit"]);
    expect(labels("administration", operator)).toEqual([]);
  });

  it("leaves out what concerns all jobs for a person who has a role for some", () => {
    expect(labels("work", operator)).toHaveLength(7);
    expect(labels("work", someJobs)).toEqual(["Overview", "Jobs", "Runs", "Schedules"]);
  });
});

describe("destinationBehind", () => {
  it("finds the place of a key, if the role opens it", () => {
    expect(destinationBehind("p", admin)?.href).toBe("/users");
    expect(destinationBehind("p", operator)).toBeUndefined();
    expect(destinationBehind("u", someJobs)).toBeUndefined();
    expect(destinationBehind("z", admin)).toBeUndefined();
  });
});
