import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { judgeRecovery } from "@/lib/domain/recovery";
import { startChild } from "@/test/children";
import { testFiles } from "@/test/file-access";
import { temporaryFolder } from "@/test/folders";
import { makeFifo } from "@/test/programs";
import { until } from "@/test/until";
import { readCheckpoint, readStateOf } from "./checkpoint";
import { moveCheckpointAside } from "./set-aside";

const files = testFiles();
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
    test(`that says ${JSON.stringify(content)} holds nothing`, async () => {
      write("c.json", content);
      expect(await readCheckpoint(files, cwd, "c.json")).toMatchObject({
        found: "empty",
        path: join(cwd, "c.json"),
      });
    });

  const DATA = ["0", '{"page":1}', "[1]", "false", '""', "\0", "null!", "{}{}", `${" ".repeat(70_000)}`];
  for (const content of DATA)
    test(`that says ${JSON.stringify(content.slice(0, 12))} (${content.length} bytes) holds data`, async () => {
      write("c.json", content);
      expect(await readCheckpoint(files, cwd, "c.json")).toMatchObject({
        found: "data",
        bytes: content.length,
      });
    });

  test("tells when it was written", async () => {
    write("c.json", "x");
    utimesSync(join(cwd, "c.json"), 1_700_000_000, 1_700_000_000);
    expect(await readCheckpoint(files, cwd, "c.json")).toMatchObject({ modifiedAt: 1_700_000_000_000 });
  });

  test("may have an absolute path, wherever the job works", async () => {
    write("c.json", "x");
    expect((await readCheckpoint(files, "/", join(cwd, "c.json"))).found).toBe("data");
  });

  test("that is very large is described, not loaded", async () => {
    write("sparse", "x");
    truncateSync(join(cwd, "sparse"), 5 * 1024 ** 3);
    expect(await readCheckpoint(files, cwd, "sparse")).toMatchObject({ found: "data", bytes: 5 * 1024 ** 3 });
  });
});

describe("a checkpoint folder", () => {
  test("without a byte in any file holds nothing", async () => {
    mkdirSync(join(cwd, "state/deep"), { recursive: true });
    write("state/empty", "");
    expect((await readCheckpoint(files, cwd, "state")).found).toBe("empty");
  });

  test("holds the bytes of all its files, also those in folders of folders, as Crawlee keeps them", async () => {
    write("state/request_queues/default/a.json", "12345");
    expect(await readCheckpoint(files, cwd, "state")).toMatchObject({ found: "data", bytes: 5 });
    write("state/spider.state", "123");
    expect(await readCheckpoint(files, cwd, "state")).toMatchObject({ found: "data", bytes: 8 });
  });

  test("is as new as its newest file", async () => {
    write("state/deep/a.json", "1");
    const later = Date.now() / 1_000 + 3_600;
    utimesSync(join(cwd, "state/deep/a.json"), later, later);
    expect(await readCheckpoint(files, cwd, "state")).toMatchObject({
      modifiedAt: Math.round(later * 1_000),
    });
  });

  test("does not count what links lead to, nor walk in circles", async () => {
    write("elsewhere", "x".repeat(100));
    mkdirSync(join(cwd, "state"));
    symlinkSync(join(cwd, "elsewhere"), join(cwd, "state/link"));
    symlinkSync(join(cwd, "state"), join(cwd, "state/circle"));
    expect((await readCheckpoint(files, cwd, "state")).found).toBe("empty");
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
    await until("it is busy", async () => (await readCheckpoint(files, cwd, "round")).found === "empty");
    const seen = new Set<string>();
    for (let n = 0; n < 300; n += 1) seen.add((await readCheckpoint(files, cwd, "state")).found);
    write("enough", "");
    await child.ended;
    expect([...seen]).toEqual(["data"]);
  });
});

describe("what cannot be read is a finding and never dead", () => {
  const CASES: readonly (readonly [string, string, (path: string) => void])[] = [
    ["a link to a file", "c", (path) => symlinkSync(process.execPath, path)],
    ["a link to nowhere", "c", (path) => symlinkSync("/nowhere", path)],
    ["a FIFO", "c", (path) => void makeFifo(path)],
    ["a path through a file", "c/d", (path) => writeFileSync(join(path, ".."), "x")],
    ["a name too long", "x".repeat(300), () => {}],
  ];
  for (const [what, name, make] of CASES)
    test(what, async () => {
      make(join(cwd, name));
      const facts = await readCheckpoint(files, cwd, name);
      expect(facts).toMatchObject({ found: "unreadable", problem: expect.stringMatching(/./) });
      expect(judgeRecovery(facts, null, 0).verdict).toBe("unknown");
    });
});

test("a job without a checkpoint has none, and one whose checkpoint was never written has none there", async () => {
  expect(await readCheckpoint(files, cwd, null)).toEqual({ found: "none", path: null });
  expect(await readCheckpoint(files, cwd, "c.json")).toEqual({ found: "none", path: join(cwd, "c.json") });
  expect((await readCheckpoint(files, join(cwd, "gone"), "c.json")).found).toBe("none");
});

test("looking changes nothing", async () => {
  write("c.json", "{}");
  await readCheckpoint(files, cwd, "c.json");
  expect(readFileSync(join(cwd, "c.json"), "utf8")).toBe("{}");
});

test("a fresh start keeps the checkpoint that was there, under the new run's name", async () => {
  write("c.json", '{"page":9}');
  await moveCheckpointAside(files, cwd, "c.json", "run_2");
  expect((await readCheckpoint(files, cwd, "c.json")).found).toBe("none");
  expect(readFileSync(join(cwd, "c.json.before-run_2"), "utf8")).toBe('{"page":9}');
  for (const checkpoint of ["c.json", "never/there", null])
    await moveCheckpointAside(files, cwd, checkpoint, "run_3");
  expect(readdirSync(cwd)).toEqual(["c.json.before-run_2"]);
});

describe("FR-F17 what there is to go on from when a link leads to another folder", () => {
  const place = () => ({
    runAs: null,
    kind: "command" as const,
    cwd: join(cwd, "current"),
    checkpoint: "state.json",
    left: { cwd: join(cwd, "releases/1"), checkpoint: "state.json" },
  });
  beforeEach(() => {
    for (const release of ["1", "2"]) mkdirSync(join(cwd, "releases", release), { recursive: true });
    symlinkSync("releases/2", join(cwd, "current"));
  });

  test("is what a new run finds where the old folder has nothing, or both lead to one place", async () => {
    write("releases/2/state.json", '{"page":3}');
    const here = { found: "data", path: join(cwd, "current/state.json"), place: "page 3" };
    expect(await readStateOf(files, place())).toMatchObject(here);
    write("shared/data/state.json", '{"page":4}');
    for (const release of ["1", "2"])
      symlinkSync("../../shared/data", join(cwd, "releases", release, "data"));
    for (const checkpoint of ["data/state.json", "data/state*.json"]) {
      const left = { ...place().left, checkpoint };
      expect(await readStateOf(files, { ...place(), checkpoint, left }), checkpoint).toMatchObject({
        found: "data",
      });
    }
  });

  test("is told as two where each folder has its own: neither is taken for the other", async () => {
    write("releases/1/state.json", '{"page":18}');
    write("releases/2/state.json", '{"page":3}');
    expect(await readStateOf(files, place())).toMatchObject({
      found: "elsewhere",
      here: { found: "data", place: "page 3" },
      there: { found: "data", place: "page 18" },
    });
  });

  test("is elsewhere when only the old folder has it, and names both", async () => {
    write("releases/1/state.json", '{"page":18}');
    for (const nothing of [null, "{}"]) {
      if (nothing !== null) write("releases/2/state.json", nothing);
      expect(await readStateOf(files, place())).toEqual({
        found: "elsewhere",
        path: join(cwd, "current/state.json"),
        here: expect.objectContaining({ found: nothing === null ? "none" : "empty" }),
        oldFolder: join(cwd, "releases/1"),
        newFolder: join(cwd, "releases/2"),
        there: expect.objectContaining({ found: "data", place: "page 18" }),
      });
    }
  });

  test("is elsewhere, too, when the link is gone", async () => {
    write("releases/1/state.json", '{"page":18}');
    rmSync(join(cwd, "current"));
    expect(await readStateOf(files, place())).toMatchObject({ found: "elsewhere", newFolder: null });
  });

  test("is nothing when neither has it, and finished when the old one says so", async () => {
    expect(await readStateOf(files, place())).toEqual({
      found: "none",
      path: join(cwd, "current/state.json"),
    });
    const crawl = { ...place(), kind: "crawlee" as const, checkpoint: "storage" };
    write("releases/1/storage/request_queues/default/a.json", '{"id":"a","orderNo":null,"handledAt":"x"}');
    const read = await readStateOf(files, {
      ...crawl,
      left: { cwd: join(cwd, "releases/1"), checkpoint: "storage" },
    });
    expect(read.found).toBe("complete");
  });

  test("is read once where both are one place, also by a pattern", async () => {
    write("releases/2/state-1.json", '{"page":3}');
    const left = { cwd: join(cwd, "releases/2"), checkpoint: "state-*.json" };
    expect(await readStateOf(files, { ...place(), checkpoint: "state-*.json", left })).toMatchObject({
      found: "data",
    });
    expect(await readStateOf(files, { ...place(), checkpoint: null, left: null })).toEqual({
      found: "none",
      path: null,
    });
  });
});
