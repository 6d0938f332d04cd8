import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { judgeRecovery } from "@/lib/domain/recovery";
import { startChild } from "@/test/children";
import { temporaryFolder } from "@/test/folders";
import { until } from "@/test/until";
import { readCheckpoint } from "./checkpoint";

let cwd: string;
beforeEach(() => {
  cwd = temporaryFolder();
});
const write = (name: string, content: string) => {
  mkdirSync(join(cwd, name, ".."), { recursive: true });
  writeFileSync(join(cwd, name), content);
};

describe("E1 a checkpoint file", () => {
  const EMPTY = ["", "{}", "[]", "null", " \n", "{ }\n", "\n[\n]\n"];
  for (const content of EMPTY)
    test(`that says ${JSON.stringify(content)} holds nothing`, () => {
      write("c.json", content);
      expect(readCheckpoint(cwd, "c.json")).toMatchObject({ found: "empty", path: join(cwd, "c.json") });
    });

  const DATA = ["0", '{"page":1}', "[1]", "false", '""', "\0", "null!", "{}{}", `${" ".repeat(70_000)}`];
  for (const content of DATA)
    test(`that says ${JSON.stringify(content.slice(0, 12))} (${content.length} bytes) holds data`, () => {
      write("c.json", content);
      expect(readCheckpoint(cwd, "c.json")).toMatchObject({ found: "data", bytes: content.length });
    });

  test("tells when it was written", () => {
    write("c.json", "x");
    utimesSync(join(cwd, "c.json"), 1_700_000_000, 1_700_000_000);
    expect(readCheckpoint(cwd, "c.json")).toMatchObject({ modifiedAt: 1_700_000_000_000 });
  });

  test("may have an absolute path, wherever the job works", () => {
    write("c.json", "x");
    expect(readCheckpoint("/", join(cwd, "c.json")).found).toBe("data");
  });

  test("that is very large is described, not loaded", () => {
    execFileSync("truncate", ["-s", "5G", join(cwd, "sparse")]);
    expect(readCheckpoint(cwd, "sparse")).toMatchObject({ found: "data", bytes: 5 * 1024 ** 3 });
  });
});

describe("a checkpoint folder", () => {
  test("without a byte in any file holds nothing", () => {
    mkdirSync(join(cwd, "state/deep"), { recursive: true });
    write("state/empty", "");
    expect(readCheckpoint(cwd, "state").found).toBe("empty");
  });

  test("holds the bytes of all its files, also those in folders of folders, as Crawlee keeps them", () => {
    write("state/request_queues/default/a.json", "12345");
    expect(readCheckpoint(cwd, "state")).toMatchObject({ found: "data", bytes: 5 });
    write("state/spider.state", "123");
    expect(readCheckpoint(cwd, "state")).toMatchObject({ found: "data", bytes: 8 });
  });

  test("is as new as its newest file", () => {
    write("state/deep/a.json", "1");
    const later = Date.now() / 1_000 + 3_600;
    utimesSync(join(cwd, "state/deep/a.json"), later, later);
    expect(readCheckpoint(cwd, "state")).toMatchObject({ modifiedAt: Math.round(later * 1_000) });
  });

  test("does not count what links lead to, nor walk in circles", () => {
    write("elsewhere", "x".repeat(100));
    mkdirSync(join(cwd, "state"));
    symlinkSync(join(cwd, "elsewhere"), join(cwd, "state/link"));
    symlinkSync(join(cwd, "state"), join(cwd, "state/circle"));
    expect(readCheckpoint(cwd, "state").found).toBe("empty");
  });

  test("is read while a program renames files in it, and never taken for missing", async () => {
    write("state/kept", "kept");
    const busy = `
      const { existsSync, renameSync, rmSync, writeFileSync } = require("node:fs");
      while (!existsSync("enough")) {
        for (let n = 0; n < 50; n += 1) { writeFileSync("state/t" + n, "x"); renameSync("state/t" + n, "state/u" + n); }
        for (let n = 0; n < 50; n += 1) rmSync("state/u" + n);
        writeFileSync("round", "");
      }`;
    const child = startChild(process.execPath, ["-e", busy], { cwd });
    await until("it is busy", () => readCheckpoint(cwd, "round").found === "empty");
    const seen = new Set(Array.from({ length: 300 }, () => readCheckpoint(cwd, "state").found));
    write("enough", "");
    await child.ended;
    expect([...seen]).toEqual(["data"]);
  });
});

describe("what cannot be read is a finding and never dead", () => {
  const CASES: readonly (readonly [string, () => string])[] = [
    ["a link to a file", () => (write("real", "x"), symlinkSync(join(cwd, "real"), join(cwd, "c")), "c")],
    ["a link to nowhere", () => (symlinkSync(join(cwd, "nowhere"), join(cwd, "c")), "c")],
    ["a FIFO", () => (execFileSync("mkfifo", [join(cwd, "c")]), "c")],
    ["a path through a file", () => (write("c", "x"), "c/d")],
    ["a name too long", () => "x".repeat(300)],
  ];
  for (const [what, make] of CASES)
    test(what, () => {
      const facts = readCheckpoint(cwd, make());
      expect(facts).toMatchObject({ found: "unreadable", problem: expect.stringMatching(/./) });
      expect(judgeRecovery(facts, null, 0).verdict).toBe("unknown");
    });
});

test("a job without a checkpoint has none, and one whose checkpoint was never written has none there", () => {
  expect(readCheckpoint(cwd, null)).toEqual({ found: "none", path: null });
  expect(readCheckpoint(cwd, "c.json")).toEqual({ found: "none", path: join(cwd, "c.json") });
  expect(readCheckpoint(join(cwd, "gone"), "c.json").found).toBe("none");
});

test("looking changes nothing", () => {
  write("c.json", "{}");
  readCheckpoint(cwd, "c.json");
  expect(readFileSync(join(cwd, "c.json"), "utf8")).toBe("{}");
});
