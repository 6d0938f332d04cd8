import { expect, test } from "vitest";
import { aRun } from "@/test/factories";
import { type OpenedLog, readLog } from "./read-log";

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
  return { findRun: async () => run, openLog };
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
