import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type JobKind, toRunSpec } from "@/lib/domain/job";
import { aJob, aRun } from "@/test/factories";
import { testFiles } from "@/test/file-access";
import { temporaryFolder } from "@/test/folders";
import type { Watched } from "../watch/watched";
import { takeProgressFiles, takeProgressLine } from "./kind-progress";
import { lifeOf } from "./life";
import { reported } from "./signs";

const files = testFiles();

/** As far as progress is concerned. */
function watching(kind: JobKind, checkpoint: string | null = null): Watched {
  const spec = toRunSpec(aJob({ kind, checkpoint }), [], false);
  return { run: aRun("running", { spec }) } as Watched;
}

const logstats = (pages: number, items: number) =>
  `2026-08-01 10:00:00 [scrapy.extensions.logstats] INFO: Crawled ${pages} pages (at 60 pages/min), scraped ${items} items (at 50 items/min)\n`;
const lines = (...all: string[]) => Buffer.from(all.join(""));

test("the newest of Scrapy's lines is its progress", () => {
  const watched = watching("scrapy");
  takeProgressLine(watched, lines("noise\n"));
  expect(lifeOf(watched).progress).toBeNull();
  takeProgressLine(watched, lines(logstats(60, 50), "noise\n", logstats(120, 100), "noise\n"));
  expect(lifeOf(watched).progress).toMatchObject({
    extracted: 100,
    message: "120 pages crawled, 60 a minute",
  });
  expect(lifeOf(watched)).toMatchObject({ saved: false, urgent: false });
  takeProgressLine(watched, lines("[scrapy.extensions.logstats] INFO: Crawled a lot\n"));
  expect(lifeOf(watched).progress?.extracted).toBe(100);
});

test("such a line says nothing of a run of another kind", () => {
  for (const kind of ["command", "crawlee"] as const) {
    const watched = watching(kind);
    takeProgressLine(watched, lines(logstats(1, 1)));
    expect(lifeOf(watched).progress).toBeNull();
  }
});

test("who reports progress itself is not talked over", () => {
  const watched = watching("scrapy");
  takeProgressLine(watched, lines(logstats(60, 50)));
  reported(watched, { extracted: 7 });
  takeProgressLine(watched, lines(logstats(120, 100)));
  expect(lifeOf(watched)).toMatchObject({ progress: { extracted: 7 }, urgent: true });
});

test("Crawlee's figures are read from its storage", async () => {
  const storage = temporaryFolder();
  const watched = watching("crawlee", storage);
  await takeProgressFiles(files, watched);
  expect(lifeOf(watched).progress).toBeNull();
  const folder = join(storage, "key_value_stores/default");
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "SDK_CRAWLER_STATISTICS_0.json"),
    JSON.stringify({ requestsFinished: 12, requestsFailed: 1 }),
  );
  await takeProgressFiles(files, watched);
  expect(lifeOf(watched).progress).toMatchObject({ extracted: 12, skipped: 1 });
  await takeProgressFiles(files, watching("scrapy", storage));
  await takeProgressFiles(files, watching("crawlee", "/dev/null/nowhere"));
});
