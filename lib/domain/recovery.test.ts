import { describe, expect, test } from "vitest";
import { T0 } from "@/test/factories";
import { judgeRecovery, type StateFacts } from "./recovery";
import type { Progress } from "./run";
import type { RecoveryVerdict } from "./verdict";

const NOW = T0 + 90_000;
const path = "/jobs/shop/checkpoint.json";

const FOUND = {
  none: { found: "none", path: null },
  empty: { found: "empty", path, modifiedAt: T0 },
  data: { found: "data", path, bytes: 2_048, modifiedAt: T0, summary: null },
  complete: { found: "complete", path, modifiedAt: T0 },
  degraded: {
    found: "degraded",
    path,
    bytes: 9,
    modifiedAt: T0,
    summary: "9 seen",
    problem: "it was killed",
  },
  unknown: {
    found: "unknown",
    path,
    bytes: 9,
    modifiedAt: T0,
    summary: "9 files",
    problem: "it is of a newer kind",
  },
  unreadable: { found: "unreadable", path, problem: "permission denied" },
  unanswered: { found: "unanswered", path, problem: "did not answer within 2 s" },
  elsewhere: {
    found: "elsewhere",
    path,
    here: { found: "none", path },
    oldFolder: "/releases/1",
    newFolder: "/releases/2",
    there: {
      found: "data",
      path: "/releases/1/checkpoint.json",
      bytes: 2_048,
      modifiedAt: T0,
      summary: null,
    },
  },
} as const satisfies { [Found in StateFacts["found"]]: StateFacts & { found: Found } };

const PROGRESS = {
  none: null,
  zero: { extracted: 0, skipped: 0, total: 10, message: null },
  unknown: { extracted: null, skipped: null, total: null, message: "starting" },
  extracted: { extracted: 1, skipped: 0, total: 10, message: null },
  skipped: { extracted: 0, skipped: 1, total: null, message: null },
} as const satisfies Record<string, Progress | null>;

const without = (verdict: RecoveryVerdict) => ({ none: verdict, zero: verdict, unknown: verdict });
const always = (verdict: RecoveryVerdict) => ({ ...without(verdict), extracted: verdict, skipped: verdict });
const byProgress = { ...without("dead"), extracted: "resumable", skipped: "resumable" } as const;

const TABLE = {
  none: byProgress,
  empty: byProgress,
  data: always("resumable"),
  complete: always("complete"),
  degraded: always("unknown"),
  unknown: always("unknown"),
  unreadable: always("unknown"),
  unanswered: always("unknown"),
  elsewhere: always("unknown"),
} as const satisfies Record<StateFacts["found"], Record<keyof typeof PROGRESS, RecoveryVerdict>>;

describe("E1 E2 can the lineage go on", () => {
  for (const [found, row] of Object.entries(TABLE)) {
    for (const [progress, expected] of Object.entries(row)) {
      test(`a checkpoint found ${found} with progress ${progress} is ${expected}`, () => {
        const facts = FOUND[found as keyof typeof FOUND];
        const recovery = judgeRecovery(facts, PROGRESS[progress as keyof typeof PROGRESS], NOW);
        expect(recovery.verdict).toBe(expected);
        expect(recovery.sentence).toMatch(/^[A-Z].*\.$/);
        const elsewhere = found === "elsewhere" ? ["checkpoint in the old folder"] : [];
        expect(recovery.evidence.map(({ fact }) => fact)).toEqual(["checkpoint", ...elsewhere, "progress"]);
      });
    }
  }
});

describe("UX-A2 what a resume would start from", () => {
  test("is named by the checkpoint's last name and the place in the work it tells", () => {
    expect(judgeRecovery(FOUND.data, null, NOW).resumeFrom).toBe("checkpoint checkpoint.json");
    const placed = { ...FOUND.data, place: "page 131" };
    expect(judgeRecovery(placed, PROGRESS.extracted, NOW).resumeFrom).toBe(
      "checkpoint checkpoint.json, page 131",
    );
  });

  test("is nothing without a checkpoint, whatever was done: a run with progress is kept, and starts again", () => {
    const progress = { extracted: 3_900, skipped: 52, total: null, message: null };
    const started = "so a new run starts from the beginning unless the program keeps its own place.";
    expect(judgeRecovery(FOUND.none, progress, NOW)).toMatchObject({
      verdict: "resumable",
      resumeFrom: null,
      sentence: `It had done 3,952. No checkpoint is named, ${started}`,
    });
    expect(judgeRecovery(FOUND.empty, progress, NOW)).toMatchObject({
      verdict: "resumable",
      resumeFrom: null,
      sentence: `It had done 3,952. Its checkpoint checkpoint.json is empty, ${started}`,
    });
    expect(judgeRecovery({ found: "none", path }, progress, NOW).sentence).toContain("is not there");
  });

  test("is nothing of work that is finished, and is told with its flaw where it is doubtful", () => {
    expect(judgeRecovery(FOUND.complete, PROGRESS.extracted, NOW).resumeFrom).toBeNull();
    expect(judgeRecovery(FOUND.degraded, null, NOW).resumeFrom).toBe(
      "checkpoint checkpoint.json, which is damaged",
    );
    expect(judgeRecovery(FOUND.unreadable, null, NOW).resumeFrom).toContain("cannot be read here");
  });
});

test("a checkpoint that cannot be read is never dead, because dead things get cleaned", () => {
  const recovery = judgeRecovery(FOUND.unreadable, null, NOW);
  expect(recovery).toMatchObject({
    verdict: "unknown",
    sentence: expect.stringContaining("permission denied"),
  });
});

test("CR-6.1 a checkpoint that did not answer is unknown, and its evidence says that instead of what is not known", () => {
  const recovery = judgeRecovery(FOUND.unanswered, null, NOW);
  expect(recovery.verdict).toBe("unknown");
  expect(recovery.sentence).toContain("did not answer within 2 s");
  expect(recovery.evidence[0]).toEqual({
    fact: "checkpoint",
    value: `${path} did not answer within 2 s`,
    at: null,
  });
});

test("FR-F17 a checkpoint that is only in the folder the run worked in is unknown, and both folders are named", () => {
  const recovery = judgeRecovery(FOUND.elsewhere, PROGRESS.extracted, NOW);
  expect(recovery).toMatchObject({
    verdict: "unknown",
    oldFolder: "/releases/1",
    resumeFrom: "checkpoint checkpoint.json in the old folder /releases/1",
  });
  expect(recovery.sentence).toContain("is only in the folder it worked in, /releases/1.");
  expect(recovery.sentence).toContain("which is /releases/2 now");
  expect(recovery.evidence.slice(0, 2)).toEqual([
    { fact: "checkpoint", value: `not there: ${path} (the job's folder is /releases/2 now)`, at: null },
    {
      fact: "checkpoint in the old folder",
      value: "/releases/1/checkpoint.json: 2,048 bytes, written 1 min 30 s ago",
      at: T0,
    },
  ]);
  const both = judgeRecovery({ ...FOUND.elsewhere, here: { ...FOUND.data, place: "page 3" } }, null, NOW);
  expect(both).toMatchObject({ verdict: "unknown", oldFolder: "/releases/1" });
  expect(both.sentence).toContain("would find another one");
  const gone = judgeRecovery({ ...FOUND.elsewhere, newFolder: null }, null, NOW);
  expect(gone.sentence).toContain("which is gone");
  expect(judgeRecovery(FOUND.data, null, NOW).oldFolder).toBeNull();
});

test("the evidence names the file, its size and its age", () => {
  expect(judgeRecovery(FOUND.data, null, NOW).evidence).toEqual([
    { fact: "checkpoint", value: `${path}: 2,048 bytes, written 1 min 30 s ago`, at: T0 },
    { fact: "progress", value: "none reported", at: null },
  ]);
});

test("a kind's own summary stands before the size", () => {
  const facts = { ...FOUND.data, summary: "120 pages queued" };
  expect(judgeRecovery(facts, PROGRESS.extracted, NOW).evidence).toEqual([
    { fact: "checkpoint", value: `${path}: 120 pages queued, 2,048 bytes, written 1 min 30 s ago`, at: T0 },
    { fact: "progress", value: "1 extracted, 0 skipped, of 10", at: null },
  ]);
});

test("a job without a checkpoint says so, and one whose checkpoint is missing names the path", () => {
  expect(judgeRecovery(FOUND.none, null, NOW).evidence[0]?.value).toBe("none configured");
  expect(judgeRecovery({ found: "none", path }, null, NOW).evidence[0]?.value).toBe(`not there: ${path}`);
});

test("the last sign of life and the threshold are named where they are known", () => {
  const facts = judgeRecovery(FOUND.none, null, NOW, { lastLifeAt: T0, thresholdMs: 86_400_000 }).evidence;
  expect(facts.slice(2)).toEqual([
    { fact: "last sign of life", value: "1 min 30 s ago", at: T0 },
    { fact: "may be cleaned after", value: "1 d", at: null },
  ]);
  expect(judgeRecovery(FOUND.none, null, NOW, { lastLifeAt: null }).evidence.at(-1)?.value).toBe("none");
});

test("a clock that was set back makes no checkpoint of the future", () => {
  expect(judgeRecovery(FOUND.data, null, T0 - 60_000).evidence[0]?.value).toContain("written 0 ms ago");
});

test("what is damaged or of an unknown form says why, and that nothing is thrown away", () => {
  expect(judgeRecovery(FOUND.degraded, PROGRESS.extracted, NOW).sentence).toContain("it was killed");
  expect(judgeRecovery(FOUND.unknown, null, NOW).sentence).toContain("left alone");
});
