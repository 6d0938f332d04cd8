import { describe, expect, test } from "vitest";
import { JOB_KINDS, type Job, toRunSpec } from "@/lib/domain/job";
import { aJob } from "@/test/factories";
import { testFiles } from "@/test/file-access";
import type { Place } from "./kind";
import { kindOf } from "./kinds";

const files = testFiles();
const lineageFolder = "/data/nightly/lineages/run_1";
const NEW: Place = { lineageFolder, parent: null };
const SCRAPY = ["scrapy", "crawl", "shop"];

function prepared(changes: Partial<Job>, place: Place = NEW) {
  const job = aJob({ cwd: "/srv", ...changes });
  return kindOf(job.kind).prepare(toRunSpec(job, [], false), place);
}

test("a command is launched as its job says", () => {
  const job = aJob({ checkpoint: "c.json", env: { A: "1" } });
  expect(prepared({ ...job, cwd: "/srv" })).toEqual(toRunSpec({ ...job, cwd: "/srv" }, [], false));
});

describe("a Scrapy run", () => {
  const kind = "scrapy";

  test("gets a JOBDIR of its lineage, and prints without a buffer", () => {
    expect(prepared({ kind, argv: SCRAPY })).toMatchObject({
      argv: ["scrapy", "crawl", "-s", `JOBDIR=${lineageFolder}/jobdir`, "shop"],
      checkpoint: `${lineageFolder}/jobdir`,
      env: { PYTHONUNBUFFERED: "1" },
    });
  });

  test("has the checkpoint its job names as its JOBDIR", () => {
    const spec = prepared({ kind, argv: SCRAPY, checkpoint: "state" });
    expect(spec.argv).toContain("JOBDIR=/srv/state");
    expect(spec.checkpoint).toBe("state");
  });

  test("keeps a JOBDIR of its own command line, also the one that says none, whatever else is said", () => {
    const own = [...SCRAPY, "-s", "JOBDIR=mine"];
    const place = { lineageFolder, parent: { kind, cwd: "/srv", checkpoint: "/old" } } as const;
    expect(prepared({ kind, argv: own, checkpoint: "state" }, place)).toMatchObject({
      argv: own,
      checkpoint: "mine",
    });
    const none = [...SCRAPY, "-s", "JOBDIR="];
    expect(prepared({ kind, argv: none, checkpoint: "state" })).toMatchObject({
      argv: none,
      checkpoint: null,
    });
  });

  test("that is not called directly is only told by UNSTUCK_CHECKPOINT", () => {
    expect(prepared({ kind, argv: ["./crawl.sh"] })).toMatchObject({
      argv: ["./crawl.sh"],
      checkpoint: `${lineageFolder}/jobdir`,
    });
  });

  test("keeps the variables its job sets", () => {
    expect(prepared({ kind, argv: SCRAPY, env: { PYTHONUNBUFFERED: "" } }).env).toEqual({
      PYTHONUNBUFFERED: "",
    });
  });
});

describe("a Crawlee run", () => {
  const kind = "crawlee";

  test("gets a storage of its lineage, and Crawlee's own way with it", () => {
    expect(prepared({ kind })).toMatchObject({
      checkpoint: `${lineageFolder}/storage`,
      env: { CRAWLEE_STORAGE_DIR: `${lineageFolder}/storage` },
    });
    expect(prepared({ kind }).env).not.toHaveProperty("CRAWLEE_PURGE_ON_START");
  });

  test("that goes on keeps what is in the storage of the run before it, whatever its job says by now", () => {
    const place = { lineageFolder, parent: { kind, cwd: "/before", checkpoint: "old" } } as const;
    expect(prepared({ kind, checkpoint: "new" }, place)).toMatchObject({
      checkpoint: "/before/old",
      env: { CRAWLEE_STORAGE_DIR: "/before/old", CRAWLEE_PURGE_ON_START: "0" },
    });
  });

  test("of a lineage that was of another kind before begins a storage", () => {
    const place = { lineageFolder, parent: { kind: "command", cwd: "/before", checkpoint: "old" } } as const;
    expect(prepared({ kind }, place).checkpoint).toBe(`${lineageFolder}/storage`);
  });

  test("keeps the variables its job sets, and is read where they say", () => {
    const place = { lineageFolder, parent: { kind, cwd: "/before", checkpoint: "old" } } as const;
    const env = { CRAWLEE_STORAGE_DIR: "mine", CRAWLEE_PURGE_ON_START: "1" };
    expect(prepared({ kind, env, checkpoint: "other" }, place)).toMatchObject({
      checkpoint: "mine",
      env: { CRAWLEE_STORAGE_DIR: "/srv/mine", CRAWLEE_PURGE_ON_START: "1" },
    });
  });
});

test("no kind finds anything where nothing is, and none is upset by it", async () => {
  for (const kind of JOB_KINDS) {
    const spec = toRunSpec(aJob({ kind, checkpoint: "/nowhere/at/all" }), [], false);
    expect((await kindOf(kind).readCheckpoint(files, "/", "/nowhere/at/all")).found).toBe("none");
    expect(await kindOf(kind).readEnd(files, spec, "")).toMatchObject({ outcome: null, report: null });
    expect(await kindOf(kind).readProgress(files, spec)).toBeNull();
  }
});
