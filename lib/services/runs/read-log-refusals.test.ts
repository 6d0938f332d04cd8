import { expect, test } from "vitest";
import { AppError } from "@/lib/domain/errors";
import type { OpenedLog } from "@/lib/domain/ports/host";
import { aContext, expectRefusal } from "@/test/a-context";
import { aRun, runId } from "@/test/factories";
import { AFTER_LIMIT_BYTES, type LogPart, readLog, tailLimit } from "./read-log";

const run = aRun("running", { logBytes: 100 });

/** A log of 100 bytes whose first 40 were dropped. */
function aLog(size = 100, start = 40) {
  const closed: string[] = [];
  const openLog = (): OpenedLog => ({
    size,
    start,
    tail: async () => ({ from: 90, cut: true }),
    stream: async (from, to) => new Blob([`${from}-${to}`]).stream(),
    close: () => void closed.push("closed"),
  });
  return { ctx: aContext({ runs: [run], openLog }), closed };
}

test.each<[LogPart, number, number]>([
  [{ part: "all" }, 40, 100],
  [{ part: "tail", lines: 3 }, 90, 100],
  [{ part: "after", offset: 60 }, 60, 100],
  [{ part: "after", offset: 0 }, 40, 100],
  [{ part: "range", start: 50, end: 59 }, 50, 60],
  [{ part: "range", start: 0, end: null }, 40, 100],
  [{ part: "range", start: null, end: 10 }, 90, 100],
  [{ part: "range", start: 95, end: 500 }, 95, 100],
])("%j of a log is answered with what is kept of it", async (wanted, from, to) => {
  const { body, ...said } = await readLog(aLog().ctx, run.id, wanted);
  expect(said).toMatchObject({ from, to, size: 100, dropped: 40, encoding: "utf-8" });
  expect(await new Response(body).text()).toBe(`${from}-${to}`);
});

test.each<LogPart>([
  { part: "after", offset: 101 },
  { part: "range", start: 100, end: null },
  { part: "range", start: null, end: 0 },
  { part: "range", start: 0, end: 39 },
])("%j is no part of it: refused with what can be asked for, and the file is closed", async (wanted) => {
  const { ctx, closed } = aLog();
  const { details } = await expectRefusal(ctx, "RANGE_NOT_SATISFIABLE", () => readLog(ctx, run.id, wanted));
  expect(details).toMatchObject({ size: 100, dropped: 40 });
  expect(closed).toEqual(["closed"]);
});

test("nothing new is an answer without a body, and the file is closed", async () => {
  const { ctx, closed } = aLog();
  expect((await readLog(ctx, run.id, { part: "after", offset: 100 })).body).toBeNull();
  expect(closed).toEqual(["closed"]);
});

test("who follows a long log gets a part at a time, and a tail is bounded however long its lines", async () => {
  const long = await readLog(aLog(10 * AFTER_LIMIT_BYTES, 0).ctx, run.id, { part: "after", offset: 5 });
  expect(long.to).toBe(5 + AFTER_LIMIT_BYTES);
  expect([tailLimit(1), tailLimit(1_000), tailLimit(1e9)]).toEqual([1_048_576, 4_096_000, 67_108_864]);
});

test("a run that has written nothing has an empty log; one whose bytes are gone has none", async () => {
  const silent = aRun("running");
  const ctx = aContext({ runs: [silent, aRun("completed")] });
  expect(await readLog(ctx, silent.id, { part: "all" })).toMatchObject({ size: 0, body: null });
  const lost = aContext({ runs: [run] });
  await expectRefusal(lost, "LOG_NOT_FOUND", () => readLog(lost, run.id, { part: "all" }));
});

test("a log that may not be read, that was not imported, or of no run is refused", async () => {
  const openLog = () => {
    throw new AppError("LOG_REFUSED", "It is a link.");
  };
  const link = aContext({ runs: [run], openLog });
  await expectRefusal(link, "LOG_REFUSED", () => readLog(link, run.id, { part: "all" }));
  const imported = aRun("completed", { imported: { source: "cron", externalId: "7" } });
  const ctx = aContext({ runs: [imported] });
  const error = await expectRefusal(ctx, "LOG_NOT_FOUND", () => readLog(ctx, imported.id, { part: "all" }));
  expect(error.message).toContain("cron");
  const none = runId("run_00000000000000000000");
  await expectRefusal(ctx, "RUN_NOT_FOUND", () => readLog(ctx, none, { part: "all" }));
});
