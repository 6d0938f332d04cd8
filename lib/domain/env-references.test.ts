import { describe, expect, test } from "vitest";
import { parseReference, referenceIssues } from "./env-references";

describe("a reference", () => {
  test.each([
    ["file:/run/secrets/token", { in: "file", path: "/run/secrets/token" }],
    ["file:/with blank", { in: "file", path: "/with blank" }],
    ["env:API_TOKEN", { in: "environment", name: "API_TOKEN" }],
  ])("%s is where the value lies", (text, reference) => {
    expect(parseReference(text)).toEqual(reference);
  });

  test.each([
    "",
    "token",
    "file:",
    "file:/",
    "file:relative",
    "file:~/token",
    "file:/a\0b",
    "env:",
    "env:1ST",
    "env:A B",
    "env:A\n",
    "FILE:/a",
    "http://a",
    // What is Unstuck's own is for no run.
    "env:UNSTUCK_OIDC_CLIENT_SECRET",
    "env:NODE_OPTIONS",
  ])("%j is none", (text) => {
    expect(parseReference(text)).toBeNull();
  });
});

test("a variable has one place, and those that Unstuck reads itself are the job's own", () => {
  const reference = "file:/run/secrets/x";
  const issues = (job: Partial<Parameters<typeof referenceIssues>[0]>) =>
    referenceIssues({ env: {}, envSecret: [], envFrom: {}, ...job }).map(
      ({ path, message }) => `${path}: ${message}`,
    );
  expect(issues({ env: { A: "1" }, envSecret: ["B"], envFrom: { C: reference } })).toEqual([]);
  expect(
    issues({ env: { A: "1" }, envSecret: ["B"], envFrom: { A: reference, B: reference, PATH: reference } }),
  ).toEqual([
    "envFrom.A: it is in env, too; name it in envRemove to take it away there",
    "envFrom.B: it is in envSecret, too; name it in envRemove to take it away there",
    "envFrom.PATH: PATH cannot be read from elsewhere: Unstuck itself has to read it",
  ]);
});
