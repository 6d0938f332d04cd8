import { describe, expect, test } from "vitest";
import { MAX_ARGV_BYTES } from "@/lib/domain/argv-bytes";
import { RESERVED_JOB_IDS } from "@/lib/domain/ids";
import { MAX_ENV_BYTES } from "@/lib/domain/job-env";
import { issuesOf } from "./issues";
import { CreateJobBody, JobIdParam, PatchJobBody } from "./job";

type Body = Record<string, unknown>;

const plain = (changes: Body = {}): Body => ({ id: "shop", argv: ["node", "a.mjs"], ...changes });

/** The places a body is refused for, as `path` of each complaint. */
function complaints(body: unknown): string[] {
  const result = CreateJobBody.safeParse(body);
  return result.error?.issues.map((issue) => issue.path.join(".")) ?? [];
}

describe("the id of a new job", () => {
  const BAD = [
    "",
    "../x",
    "..",
    "../../etc/passwd",
    "a/b",
    "/a",
    "A",
    "🕷",
    "käse",
    "a b",
    ".hidden",
    "-rf",
    "a\0",
    "a\n",
    "%2e%2e",
    "ａ",
    "a".repeat(64),
    ...RESERVED_JOB_IDS,
  ];
  for (const id of BAD) {
    test(`is not ${JSON.stringify(id)}`, () => {
      const result = JobIdParam.safeParse(id);
      expect(result.success).toBe(false);
      expect(result.error?.issues[0]?.message).toMatch(/^expected a job id .*, found "/);
      expect(complaints(plain({ id }))).toEqual(["id"]);
    });
  }

  test("is shown shortened in the complaint, however long it is", () => {
    const message = JobIdParam.safeParse("x".repeat(1_000_000)).error?.issues[0]?.message ?? "";
    expect(message.length).toBeLessThan(300);
  });

  for (const id of [7, null, undefined, ["shop"], { id: "shop" }])
    test(`is not ${JSON.stringify(id)}`, () => expect(complaints(plain({ id }))).toContain("id"));
});

describe("the command of a new job", () => {
  const REFUSED: readonly (readonly [string, unknown])[] = [
    ["a shell line", "node a.mjs"],
    ["nothing", []],
    ["an empty program", ["", "a"]],
    ["a number", ["node", 7]],
    ["a NUL in the program", ["no\0de"]],
    ["a NUL in an argument", ["node", "a\0b"]],
    ["a megabyte", ["node", "x".repeat(1024 * 1024)]],
    ["a megabyte in many arguments", ["node", ...Array.from({ length: 1_024 }, () => "x".repeat(1_024))]],
    ["more bytes than characters", ["node", "ä".repeat(MAX_ARGV_BYTES / 2)]],
  ];
  for (const [what, argv] of REFUSED)
    test(`is not ${what}`, () => {
      const places = complaints(plain({ argv }));
      expect(places.length).toBeGreaterThan(0);
      for (const place of places) expect(place).toMatch(/^argv/);
    });

  test("may use every allowed byte and no more: each part counts with its end mark", () => {
    const longest = "x".repeat(MAX_ARGV_BYTES - "node".length - 2);
    expect(complaints(plain({ argv: ["node", longest] }))).toEqual([]);
    expect(complaints(plain({ argv: ["node", `${longest}x`] }))).toEqual(["argv"]);
  });

  test("may hold anything else: quotes, newlines, globs, empty arguments, other scripts", () => {
    const argv = ["node", "", "it's", 'a "b"', "*\n?", "$HOME `id`", "日本 🕷", "--"];
    expect(CreateJobBody.parse(plain({ argv })).argv).toEqual(argv);
  });

  test("is required, and so is the id", () => {
    expect(complaints({})).toEqual(expect.arrayContaining(["id", "argv"]));
  });
});

describe("the environment of a new job", () => {
  const REFUSED: readonly (readonly [string, unknown])[] = [
    ["a name with =", { "A=B": "1" }],
    ["an empty name", { "": "1" }],
    ["a name with a hyphen", { "MY-VAR": "1" }],
    ["a name that begins with a digit", { "1A": "1" }],
    ["a name with a NUL", { "A\0": "1" }],
    ["Unstuck's own names", { UNSTUCK_RUN: "x" }],
    ["a NUL in a value", { A: "x\0y" }],
    ["a number as value", { A: 1 }],
    ["more than its limit", { A: "x".repeat(MAX_ENV_BYTES) }],
  ];
  for (const [what, env] of REFUSED)
    test(`has not ${what}`, () => expect(complaints(plain({ env })).length).toBeGreaterThan(0));

  test("may set PATH, lower-case names and empty values", () => {
    const env = { PATH: "/opt/bin", http_proxy: "", _x1: "a=b c" };
    expect(CreateJobBody.parse(plain({ env })).env).toEqual(env);
  });
});

describe("the other fields of a new job", () => {
  const REFUSED: readonly (readonly [string, Body])[] = [
    ["cwd", { cwd: "relative/path" }],
    ["cwd", { cwd: "" }],
    ["cwd", { cwd: "/a\0b" }],
    ["cwd", { cwd: `/${"x".repeat(4_096)}` }],
    ["checkpoint", { checkpoint: "a\0b" }],
    ["title", { title: "   " }],
    ["title", { title: "x".repeat(121) }],
    ["kind", { kind: "shell" }],
    ["onSilence", { onSilence: "kill" }],
    ["locks.0", { locks: ["bad name"] }],
    ["locks.0", { locks: ["x".repeat(64)] }],
    ["tags", { tags: Array.from({ length: 21 }, (_, index) => `t${index}`) }],
    ["enabled", { enabled: "yes" }],
    ["timeouts.startMs", { timeouts: { startMs: 999 } }],
    ["timeouts.silenceMs", { timeouts: { silenceMs: 0 } }],
    ["timeouts.silenceMs", { timeouts: { silenceMs: 366 * 86_400_000 } }],
    ["timeouts.maxDurationMs", { timeouts: { maxDurationMs: 0 } }],
    ["timeouts.stopGraceMs", { timeouts: { stopGraceMs: -1 } }],
    ["timeouts.stopGraceMs", { timeouts: { stopGraceMs: 1.5 } }],
    ["timeouts.stopGraceMs", { timeouts: { stopGraceMs: "10s" } }],
    ["signals.to", { signals: { to: "launcher" } }],
    ["signals.sequence", { signals: { sequence: [] } }],
    ["signals.sequence", { signals: { sequence: Array(9).fill({ signal: "SIGTERM", waitMs: 1 }) } }],
    ["signals.sequence", { signals: { sequence: Array(2).fill({ signal: "SIGTERM", waitMs: 80_000_000 }) } }],
    ["signals.sequence.0.signal", { signals: { sequence: [{ signal: "SIGKILL", waitMs: 1 }] } }],
    ["signals.sequence.0.signal", { signals: { sequence: [{ signal: "SIGSTOP", waitMs: 1 }] } }],
    ["signals.sequence.0.signal", { signals: { sequence: [{ signal: "TERM", waitMs: 1 }] } }],
    ["signals.sequence.0.waitMs", { signals: { sequence: [{ signal: "SIGTERM", waitMs: -1 }] } }],
  ];
  for (const [place, changes] of REFUSED)
    test(`${JSON.stringify(changes).slice(0, 60)} is refused at ${place}`, () =>
      expect([...new Set(complaints(plain(changes)))]).toEqual([place]));

  test("an unknown field is refused, because a misspelt timeout would otherwise be silently ignored", () => {
    expect(CreateJobBody.safeParse(plain({ timeout: 5 })).success).toBe(false);
  });

  test("no time limit is a value of its own, and a grace of zero is one too", () => {
    const timeouts = { maxDurationMs: null, stopGraceMs: 0 };
    expect(CreateJobBody.parse(plain({ timeouts })).timeouts).toEqual(timeouts);
  });

  test("all complaints come at once", () => {
    expect(complaints(plain({ id: "../x", cwd: "x", kind: "y" })).sort()).toEqual(["cwd", "id", "kind"]);
  });
});

describe("C5 a change of a job", () => {
  test("needs the version it was read at", () => {
    expect(PatchJobBody.safeParse({ title: "x" }).success).toBe(false);
    expect(PatchJobBody.parse({ title: "x", version: 3 })).toEqual({ title: "x", version: 3 });
  });

  for (const version of [0, -1, 1.5, "1", null])
    test(`is not at version ${JSON.stringify(version)}`, () =>
      expect(PatchJobBody.safeParse({ version }).success).toBe(false));

  test("cannot rename the job", () => {
    expect(PatchJobBody.safeParse({ id: "other", version: 1 }).success).toBe(false);
  });
});

test.each(["UID", "RANDOM", "OPTIND", "_"])(
  "FR-F8 %s, which a shell keeps for itself, is refused by name as a variable",
  (name) => {
    for (const field of ["env", "envSecret"]) {
      const { error } = CreateJobBody.safeParse(plain({ [field]: { [name]: "1" } }));
      const told = error === undefined ? [] : issuesOf(error);
      expect(told).toMatchObject([
        { path: `${field}.${name}`, message: expect.stringContaining(`another name than ${name}`) },
      ]);
    }
    const removal = PatchJobBody.safeParse({ version: 1, envRemove: [name] });
    expect(removal.success, "one that an earlier version took can go").toBe(true);
  },
);

describe("parameters", () => {
  const properties = { shop: { type: "string" } };
  const create = (more: object) => CreateJobBody.safeParse({ id: "nightly", argv: ["crawl"], ...more });

  test("stay as they are where a change does not name them, and go with null", () => {
    expect(PatchJobBody.parse({ version: 1, title: "Other" })).not.toHaveProperty("parameters");
    expect(PatchJobBody.parse({ version: 1, parameters: null })).toHaveProperty("parameters", null);
    expect(create({}).data).not.toHaveProperty("parameters");
  });

  test("are told of at the very keyword that is not possible, and at the argument that names no parameter", () => {
    const strange = { type: "object", properties: { shop: { type: "string", pattern: "a" } } };
    expect(create({ parameters: strange }).error?.issues[0]?.path.join(".")).toBe(
      "parameters.properties.shop.pattern",
    );
    const declared = { parameters: { type: "object", properties }, argv: ["crawl", "{{colour}}"] };
    expect(create(declared).error?.issues[0]?.path).toEqual(["argv", "1"]);
    expect(create({ argv: ["crawl", "{{colour}}"] }).success).toBe(true);
  });
});
