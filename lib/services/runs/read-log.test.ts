import { expect, test } from "vitest";
import type { OpenedLog } from "@/lib/domain/ports/host";
import type { Run, RunState } from "@/lib/domain/run";
import { aRun } from "@/test/factories";
import { readLog } from "./read-log";

const run = aRun();

/** A log whose beginning is dropped between the look at it and the first byte, `times` times. */
function droppedUnder(times: number) {
  let looks = 0;
  const openLog = (): OpenedLog => {
    looks += 1;
    const [start, gone] = [looks * 10, looks <= times];
    return {
      size: 100,
      start,
      tail: async () => ({ from: start, cut: false }),
      stream: async (from, to) => (gone ? null : new Blob([`${from}-${to}`]).stream()),
      close: () => undefined,
    };
  };
  return { findRun: async () => run, logKeptFrom: () => null, openLog };
}

test("a log whose beginning is dropped while it is looked at is looked at again, and what is said of it fits what is sent", async () => {
  for (const wanted of [
    { part: "all" },
    { part: "tail", lines: 1 },
    { part: "after", offset: 5 },
    { part: "range", start: null, end: 100 },
  ] as const) {
    const { body, ...said } = await readLog(droppedUnder(2), run.id, wanted);
    expect(said).toMatchObject({ size: 100, dropped: 30, from: 30, to: 100 });
    expect(await new Response(body).text()).toBe("30-100");
  }
});

test("a log whose beginning is dropped at every look is refused with what to do", async () => {
  await expect(readLog(droppedUnder(99), run.id, { part: "all" })).rejects.toMatchObject({
    code: "LOG_REFUSED",
    message: expect.stringContaining("Ask again."),
  });
});

/** A run whose row says, each time it is read, that so many bytes were dropped; 100 were written. */
function rowsThatSay(...rows: readonly (readonly [RunState, number])[]) {
  let reads = 0;
  const openLog = (_run: Run, keptFrom: () => number): OpenedLog => ({
    size: 100,
    start: keptFrom(),
    tail: async () => ({ from: keptFrom(), cut: false }),
    stream: async (from, to) => new Blob([`${from}-${to}`]).stream(),
    close: () => undefined,
  });
  const findRun = async () => {
    const [state, logDroppedBytes] = rows[Math.min(reads, rows.length - 1)] ?? expect.fail("no row");
    reads += 1;
    return aRun(state, { logDroppedBytes });
  };
  return { findRun, openLog, reads: () => reads };
}

test("FR-A4 the log of a run that ended after its row was read begins where the row says by then, not in what was dropped at its end", async () => {
  const ctx = { ...rowsThatSay(["running", 0], ["completed", 40]), logKeptFrom: () => null };
  expect(await readLog(ctx, run.id, { part: "all" })).toMatchObject({ dropped: 40, from: 40, to: 100 });
});

test("where a log begins is asked of who watches the run, and of a row that is final no second time", async () => {
  const watched = { ...rowsThatSay(["running", 0]), logKeptFrom: () => () => 70 };
  expect(await readLog(watched, run.id, { part: "all" })).toMatchObject({ dropped: 70, from: 70 });
  const over = { ...rowsThatSay(["completed", 40]), logKeptFrom: () => null };
  expect(await readLog(over, run.id, { part: "all" })).toMatchObject({ dropped: 40, from: 40 });
  expect([watched.reads(), over.reads()]).toEqual([1, 1]);
});
