import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { machineProblem } from "./machine.mjs";
import { OWN_MAJOR, RELEASES } from "./releases.mjs";
import { ROOT, satisfies, supportedNodes } from "./supported.mjs";

const SUPPORTED = ["22.18.0", "22.18.1", "22.23.3", "24.0.0", "24.21.0", "26.0.0", "27.1.0", "100.0.0"];
const REFUSED = [
  "16.20.2",
  "18.20.8",
  "20.19.0",
  "20.20.2",
  "21.7.3",
  "22.0.0",
  "22.17.9",
  "23.11.1",
  "25.9.0",
];

for (const version of [...SUPPORTED, "26.0.0-nightly20261101", process.versions.node])
  test(`Node ${version} is supported`, () => expect(satisfies(version, supportedNodes())).toBe(true));
for (const version of REFUSED)
  test(`Node ${version} is not supported`, () => expect(satisfies(version, supportedNodes())).toBe(false));

test("a range written in a way that is not understood is an error, not a wrong answer", () => {
  expect(() => satisfies("24.0.0", ">=22 <27")).toThrow(
    'Expected ^a.b.c or >=a.b.c in engines, found ">=22 <27".',
  );
});

test("every Node that can be brought is supported, and each line of engines has one", () => {
  for (const { version } of Object.values(RELEASES)) expect(satisfies(version, supportedNodes())).toBe(true);
  const lines = supportedNodes().match(/\d+(?=\.\d+\.\d+)/g);
  expect(Object.keys(RELEASES)).toEqual(lines);
  expect(RELEASES[OWN_MAJOR]).toBeDefined();
  expect(supportedNodes(), "--node 22 runs the oldest that is allowed").toContain(
    `^${RELEASES[22]?.version}`,
  );
});

test.each([
  ["musl", { glibc: null }, /uses another C library \(musl/],
  ["an old glibc", { glibc: "2.27" }, /needs glibc 2\.28 or newer, and this system has 2\.27$/],
  ["another processor", { arch: "riscv64" }, /there is none for riscv64 processors/],
  ["another system", { platform: "darwin", glibc: null }, /there is none for darwin/],
])("no Node is brought to %s, and one clause says why", (_, found, clause) => {
  expect(machineProblem({ platform: "linux", arch: "x64", glibc: "2.36", ...found })).toMatch(clause);
});

test.each(["2.28", "2.36", "3.0"])("glibc %s is new enough", (glibc) => {
  expect(machineProblem({ platform: "linux", arch: "arm64", glibc })).toBeNull();
});

test("what tools and people read elsewhere agrees with engines", () => {
  const text = (path: string) => readFileSync(join(ROOT, path), "utf8");
  for (const file of [".nvmrc", ".node-version"]) expect(text(file).trim(), file).toBe(OWN_MAJOR);
  const [, matrix = ""] = /node: \[(.*)\]/.exec(text(".github/workflows/test.yml")) ?? [];
  expect(matrix).toBe(["20", ...Object.keys(RELEASES)].map((line) => `"${line}"`).join(", "));
  for (const page of ["docs/deploy.md", "docs/development.md"])
    expect(text(page)).toContain(RELEASES[OWN_MAJOR]?.version);
});
