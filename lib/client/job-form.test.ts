import { describe, expect, it } from "vitest";
import type { JobView } from "@/lib/contracts/job";
import { NEW_ROW } from "./env-rows";
import { readJobForm } from "./job-form";
import { toFormIssues } from "./job-form-issues";
import { EMPTY_JOB, type JobFormValues, toFormValues } from "./job-form-values";

const filled = (over: Partial<JobFormValues> = {}): JobFormValues => ({
  ...EMPTY_JOB,
  id: "nightly",
  command: "scrapy crawl shop",
  ...over,
});
const issuesOf = (over: Partial<JobFormValues>) => {
  const reading = readJobForm(filled(over));
  return reading.ok ? [] : reading.issues.map(({ field }) => field);
};

describe("readJobForm", () => {
  it("makes a job of an id and a command alone", () => {
    const reading = readJobForm(filled());
    expect(reading).toMatchObject({
      ok: true,
      body: { id: "nightly", argv: ["scrapy", "crawl", "shop"], checkpoint: null },
    });
    expect(reading.ok && "cwd" in reading.body).toBe(false);
  });

  it("reads human lengths of time", () => {
    const reading = readJobForm(
      filled({ silenceMs: "1 h 30 min", maxDurationMs: "2 d", stopGraceMs: "0 s" }),
    );
    expect(reading).toMatchObject({
      ok: true,
      body: {
        timeouts: { silenceMs: 5_400_000, maxDurationMs: 172_800_000 },
        signals: { to: "program", sequence: [{ signal: "SIGTERM", waitMs: 0 }] },
      },
    });
  });

  it("FR-A2 leaves the usual signal to the kind, until steps are chosen", () => {
    const sequenceOf = (over: Partial<JobFormValues>) => {
      const reading = readJobForm(filled(over));
      return reading.ok ? reading.body.signals?.sequence : reading.issues;
    };
    expect(sequenceOf({ kind: "crawlee" })).toEqual([{ signal: "SIGINT", waitMs: 25_000 }]);
    expect(sequenceOf({ kind: "scrapy", stopGraceMs: "1 min" })).toEqual([
      { signal: "SIGINT", waitMs: 60_000 },
    ]);
    const steps = [
      { signal: "SIGUSR1", wait: "1 min" },
      { signal: "SIGINT", wait: "5 s" },
    ] as const;
    expect(sequenceOf({ signals: [...steps] })).toEqual([
      { signal: "SIGUSR1", waitMs: 60_000 },
      { signal: "SIGINT", waitMs: 5_000 },
    ]);
    expect(sequenceOf({ signals: [{ signal: "SIGINT", wait: "soon" }] })).toMatchObject([
      { field: "signals" },
    ]);
    expect(sequenceOf({ stopGraceMs: "soon" })).toMatchObject([{ field: "stopGraceMs" }]);
    expect(sequenceOf({ kind: "scrapy", signals: [...steps] })).toMatchObject([
      { field: "signals", message: expect.stringContaining("takes one signal, found 2") },
    ]);
  });

  it("reads sizes and numbers, and takes blanks for no limit and for the default", () => {
    const given = {
      memoryBytes: "512 MB",
      openFiles: " 1024 ",
      nice: "-5",
      logCapBytes: "50 MB",
      priority: "+7",
    };
    expect(readJobForm(filled(given))).toMatchObject({
      ok: true,
      body: {
        limits: { memoryBytes: 512_000_000, openFiles: 1_024, nice: -5 },
        logCapBytes: 50_000_000,
        priority: 7,
      },
    });
    expect(readJobForm(filled({ logCapBytes: "", priority: "" }))).toMatchObject({
      ok: true,
      body: {
        limits: { memoryBytes: null, openFiles: null, nice: null },
        logCapBytes: 200_000_000,
        priority: 0,
      },
    });
  });

  it("takes a stuck threshold below 12 hours only with its tick, and a blank one for the default", () => {
    const short = readJobForm(filled({ stuckAfterMs: "2 h", allowShort: true }));
    expect(short).toMatchObject({ ok: true, body: { stuckAfterMs: 7_200_000, allowShort: true } });
    const long = readJobForm(filled({ stuckAfterMs: "12 h", allowShort: true }));
    expect(long).toMatchObject({ ok: true, body: { stuckAfterMs: 43_200_000 } });
    expect(long.ok && "allowShort" in long.body).toBe(false);
    const blank = readJobForm(filled({ stuckAfterMs: " " }));
    expect(blank.ok && "stuckAfterMs" in blank.body).toBe(false);
  });

  it("splits locks and tags at spaces and commas, each once", () => {
    expect(readJobForm(filled({ tags: "a, b  a" }))).toMatchObject({ ok: true, body: { tags: ["a", "b"] } });
  });

  it.each<[Partial<JobFormValues>, string[]]>([
    [{ id: "" }, ["id"]],
    [{ id: "../etc" }, ["id"]],
    [{ id: "logs" }, ["id"]],
    [{ command: "" }, ["command"]],
    [{ command: "echo 'x" }, ["command"]],
    [{ cwd: "relative" }, ["cwd"]],
    [{ env: [{ ...NEW_ROW, value: "no name" }] }, ["env"]],
    [{ env: [{ ...NEW_ROW, name: "UNSTUCK_X", value: "1" }] }, ["env"]],
    [{ env: [{ ...NEW_ROW, name: "1A", value: "1", secret: true }] }, ["env"]],
    [{ silenceMs: "soon" }, ["silenceMs"]],
    [{ silenceMs: "5 ms" }, ["silenceMs"]],
    [{ maxDurationMs: "0 s" }, ["maxDurationMs"]],
    [{ tags: "!!!" }, ["tags"]],
    [{ title: "x".repeat(121) }, ["title"]],
    [{ memoryBytes: "lots" }, ["memoryBytes"]],
    [{ memoryBytes: "512" }, ["memoryBytes"]],
    [{ memoryBytes: "1 B" }, ["memoryBytes"]],
    [{ logCapBytes: "0 MB" }, ["logCapBytes"]],
    [{ logEncoding: "klingon" }, ["logEncoding"]],
    [{ logEncoding: "utf-16le" }, ["logEncoding"]],
    [{ priority: "101" }, ["priority"]],
    [{ priority: "1.5" }, ["priority"]],
    [{ nice: "20" }, ["nice"]],
    [{ openFiles: "few" }, ["openFiles"]],
    [{ stuckAfterMs: "later" }, ["stuckAfterMs"]],
    [{ stuckAfterMs: "11 h" }, ["stuckAfterMs"]],
    [{ stuckAfterMs: "1 s", allowShort: true }, ["stuckAfterMs"]],
    [{ id: "", command: '"', cwd: "x", startMs: "?" }, ["command", "startMs", "id", "cwd"]],
  ])("names the fields that are wrong in %j", (over, fields) => expect(issuesOf(over)).toEqual(fields));
});

describe("toFormValues", () => {
  it("is read back as the same job", () => {
    const job: JobView = {
      id: "nightly",
      title: "Nightly",
      kind: "scrapy",
      argv: ["sh", "-c", "a | b && echo 'x'", ""],
      cwd: "/srv/shop",
      runAs: null,
      env: { A: "1", B: " x = 'y' " },
      envHidden: [],
      envSecret: ["TOKEN"],
      checkpoint: "state",
      pidFile: "/run/shop.pid",
      timeouts: { startMs: 60_000, silenceMs: 601_500, maxDurationMs: null, stopGraceMs: 0 },
      signals: { to: "group", sequence: [{ signal: "SIGHUP", waitMs: 0 }] },
      onSilence: "flag",
      locks: ["shop.example"],
      tags: ["a", "b"],
      priority: -7,
      limits: { memoryBytes: 536_870_912, openFiles: 4_096, nice: -5 },
      logCapBytes: 1_500_000_000,
      envFrom: { FROM_FILE: "file:/run/secrets/a" },
      parameters: null,
      logVia: "pipe",
      logEncoding: "windows-1252",
      privateLog: true,
      autoRecover: true,
      stuckAfterMs: 172_800_000,
      onStuck: "clean",
      resumeAfterShutdown: true,
      enabled: false,
      version: 3,
      createdAt: "2026-01-01T00:00:00Z",
      updatedAt: "2026-01-01T00:00:00Z",
    };
    const { version, createdAt, updatedAt, env, envHidden, envSecret, ...rest } = job;
    // It is the sum of the waits, which are sent.
    const { stopGraceMs, ...timeouts } = job.timeouts;
    const body = { ...rest, timeouts };
    const again = (changes: Partial<JobView> = {}) => {
      const values = toFormValues({ ...job, ...changes });
      return readJobForm(values, values);
    };
    expect(again()).toEqual({ ok: true, body });
    const unlimited = { memoryBytes: null, openFiles: null, nice: null };
    expect(again({ limits: unlimited, pidFile: null })).toEqual({
      ok: true,
      body: { ...body, limits: unlimited, pidFile: null },
    });
    const short = again({ stuckAfterMs: 3_600_000 });
    expect(short).toEqual({ ok: true, body: { ...body, stuckAfterMs: 3_600_000, allowShort: true } });
  });
});

describe("toFormIssues", () => {
  it("finds the field of a wire path and keeps what belongs to none", () => {
    const issues = [
      { path: "argv.0", message: "expected the program" },
      { path: "env.UNSTUCK_X", message: "is ours" },
      { path: "timeouts.startMs", message: "too small" },
      { path: "version", message: "expected a number" },
    ];
    expect(toFormIssues(issues)).toEqual({
      onFields: [
        { field: "command", message: "Expected the program" },
        { field: "env", message: "UNSTUCK_X: is ours" },
        { field: "startMs", message: "Too small" },
      ],
      leftOver: [{ path: "version", message: "expected a number" }],
    });
  });
});
