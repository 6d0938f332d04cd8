import { describe, expect, test } from "vitest";
import { makeRunId } from "@/lib/domain/ids";
import { RUN_STATES } from "@/lib/domain/run";
import { RestartBody, StartBody, StopBody } from "./actions";
import { MAX_PAGE_SIZE } from "./page";
import { ListRunsQuery, LogQuery, MAX_TAIL_LINES, RunIdParam } from "./run";

const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) =>
  schema.safeParse(value).success;

describe("a run id in a path", () => {
  test("is one that was made here", () => {
    const id = makeRunId(Date.UTC(2026, 0), "abcdefghij");
    expect(RunIdParam.parse(id)).toBe(id);
  });
  for (const bad of [
    "",
    "run_",
    "run_../../../../etc/pw",
    "RUN_00000000000000000000",
    "run_0000000000000000000\0",
    "🏃",
  ])
    test(`is not ${JSON.stringify(bad)}`, () => expect(accepts(RunIdParam, bad)).toBe(false));
});

describe("a list of runs", () => {
  test("has 50 items when nothing is asked for", () =>
    expect(ListRunsQuery.parse({})).toEqual({ limit: 50 }));

  test("takes several states separated by commas", () => {
    expect(ListRunsQuery.parse({ state: "running,failed" }).state).toEqual(["running", "failed"]);
    expect(ListRunsQuery.parse({ state: RUN_STATES.join(",") }).state).toEqual([...RUN_STATES]);
  });

  const REFUSED = [
    { limit: "0" },
    { limit: "-1" },
    { limit: String(MAX_PAGE_SIZE + 1) },
    { limit: "ten" },
    { limit: "1.5" },
    { cursor: "" },
    { cursor: "x".repeat(201) },
    { job: "../x" },
    { job: "runs" },
    { state: "" },
    { state: "RUNNING" },
    { state: "running,,failed" },
    { state: "stuck" },
    { since: "yesterday" },
    { until: "2026-13-01T00:00:00Z" },
    { q: "x".repeat(101) },
  ];
  for (const query of REFUSED)
    test(`is refused for ${JSON.stringify(query).slice(0, 50)}`, () =>
      expect(accepts(ListRunsQuery, query)).toBe(false));

  for (const since of ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.123Z"])
    test(`may begin at ${since}`, () => expect(ListRunsQuery.parse({ since }).since).toBe(since));
});

describe("a part of a log", () => {
  const ACCEPTED: readonly (readonly [Record<string, string>, object])[] = [
    [{}, {}],
    [{ tail: "1" }, { tail: 1 }],
    [{ tail: String(MAX_TAIL_LINES) }, { tail: MAX_TAIL_LINES }],
    [{ after: "0" }, { after: 0 }],
    [{ after: "9007199254740991" }, { after: Number.MAX_SAFE_INTEGER }],
    [
      { tail: "5", download: "1" },
      { tail: 5, download: "1" },
    ],
  ];
  for (const [query, expected] of ACCEPTED)
    test(`may be ${JSON.stringify(query)}`, () => expect(LogQuery.parse(query)).toEqual(expected));

  const REFUSED = [
    { tail: "0" },
    { tail: "-5" },
    { tail: String(MAX_TAIL_LINES + 1) },
    { tail: "all" },
    { after: "-1" },
    { after: "1.5" },
    { after: "9007199254740993" },
    { after: "NaN" },
    { download: "yes" },
    { tail: "5", after: "0" },
  ];
  for (const query of REFUSED)
    test(`is not ${JSON.stringify(query)}`, () => expect(accepts(LogQuery, query)).toBe(false));
});

describe("commands on a run", () => {
  test("need no body at all", () => {
    for (const schema of [StartBody, StopBody, RestartBody]) expect(schema.parse({})).toEqual({});
  });

  test("refuse unknown fields: a stop with a misspelt force must not wait politely", () => {
    for (const schema of [StartBody, StopBody, RestartBody])
      expect(accepts(schema, { forced: true })).toBe(false);
  });

  test("B9 a restart may wait up to an hour and not a negative time", () => {
    expect(RestartBody.parse({ delayMs: 0 })).toEqual({ delayMs: 0 });
    for (const delayMs of [-1, 3_600_001, 0.5, "500"]) expect(accepts(RestartBody, { delayMs })).toBe(false);
  });

  test("a stop's grace is between at once and a day", () => {
    expect(StopBody.parse({ graceMs: 0, force: true })).toEqual({ graceMs: 0, force: true });
    for (const graceMs of [-1, 86_400_001, "5"]) expect(accepts(StopBody, { graceMs })).toBe(false);
  });

  test("extra arguments are as bounded as the job's own", () => {
    expect(StartBody.parse({ args: ["--page", ""] }).args).toEqual(["--page", ""]);
    for (const args of [["a\0"], ["x".repeat(1024 * 1024)], Array(1_001).fill("x"), "x", [1]])
      expect(accepts(StartBody, { args })).toBe(false);
  });

  test("a reason is trimmed and bounded", () => {
    expect(StopBody.parse({ reason: "  site is down " }).reason).toBe("site is down");
    expect(accepts(StopBody, { reason: "x".repeat(501) })).toBe(false);
  });

  test("modes are a closed set", () => {
    expect(accepts(StartBody, { mode: "auto" })).toBe(true);
    expect(accepts(StartBody, { mode: "force" })).toBe(false);
  });
});
