import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseRunId } from "@/lib/domain/ids";
import { type JobKind, toRunSpec } from "@/lib/domain/job";
import { aJob, aRun } from "@/test/factories";
import { testFiles } from "@/test/file-access";
import { temporaryFolder } from "@/test/folders";
import type { Watched } from "../watch/watched";
import { takeWait, waitOf } from "./kind-wait";
import { lifeOf } from "./life";

const STARTED = 1_780_000_000_000;
const NOW = STARTED + 20_000;
const files = testFiles();

/** As far as waiting is concerned. */
function watching(checkpoint: string, { kind = "crawlee" as JobKind, resumed = true } = {}): Watched {
  const spec = toRunSpec(aJob({ kind, checkpoint }), [], false);
  const parentRunId = resumed ? parseRunId("run_00000000000000000000") : null;
  const run = aRun("running", { spec, startedAt: STARTED, parentRunId });
  const watched = { run } as Watched;
  lifeOf(watched).spokeAt = 1;
  return watched;
}

/** A storage with one request that was locked before the run began, until then. */
function locked(until: number): string {
  const storage = temporaryFolder();
  const file = join(storage, "request_queues/default/aaaaaaaaaaaaaaa.json");
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, JSON.stringify({ id: "aaaaaaaaaaaaaaa", orderNo: until }));
  utimesSync(file, STARTED / 1_000 - 5, STARTED / 1_000 - 5);
  return storage;
}

test("a resumed run waits for the locks of the run before it until they pass, and its silence is counted anew then", async () => {
  const until = NOW + 100_000;
  const watched = watching(locked(until));
  await takeWait(files, watched, NOW);
  expect(waitOf(watched, NOW)).toMatchObject({ until });
  expect(waitOf(watched, until)).toBeNull();
  expect(lifeOf(watched).spokeAt).toBe(1);
  await takeWait(files, watched, until + 1);
  expect(waitOf(watched, NOW)).toBeNull();
  expect(lifeOf(watched).spokeAt).toBeGreaterThan(1);
});

test("a run that goes on from no other, one of another kind, and one whose lock lasts for hours are not excused", async () => {
  const storage = locked(NOW + 100_000);
  for (const watched of [
    watching(storage, { resumed: false }),
    watching(storage, { kind: "command" }),
    watching(storage, { kind: "scrapy" }),
    watching(locked(NOW + 3_600_000)),
    watching("/dev/null/nowhere"),
  ]) {
    await takeWait(files, watched, NOW);
    expect(waitOf(watched, NOW)).toBeNull();
  }
});
