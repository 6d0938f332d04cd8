import { describe, expect, test } from "vitest";
import type { LogPart } from "@/lib/services/runs/read-log";
import { logResponse, wantedPart } from "./log";

describe("which part of a log a request wants", () => {
  const RANGES: readonly (readonly [string | null, LogPart])[] = [
    [null, { part: "all" }],
    ["", { part: "all" }],
    ["bytes=0-", { part: "range", start: 0, end: null }],
    ["bytes=0-0", { part: "range", start: 0, end: 0 }],
    ["bytes=5-9", { part: "range", start: 5, end: 9 }],
    ["bytes=-500", { part: "range", start: null, end: 500 }],
    ["bytes=9-5", { part: "all" }],
    ["bytes=0-1,5-6", { part: "all" }],
    ["bytes=-", { part: "all" }],
    ["bytes=a-b", { part: "all" }],
    ["bytes=--5", { part: "all" }],
    ["bytes=1-2x", { part: "all" }],
    ["bytes = 1-2", { part: "all" }],
    ["bytes=0-9999999999999999", { part: "all" }],
    ["lines=0-5", { part: "all" }],
    ["0-5", { part: "all" }],
  ];
  for (const [header, expected] of RANGES)
    test(`Range ${JSON.stringify(header)} is ${JSON.stringify(expected)}`, () =>
      expect(wantedPart({}, header)).toEqual(expected));

  test("tail and after go before a Range header", () => {
    expect(wantedPart({ tail: 5 }, "bytes=0-1")).toEqual({ part: "tail", lines: 5 });
    expect(wantedPart({ after: 0 }, "bytes=0-1")).toEqual({ part: "after", offset: 0 });
  });
});

describe("the answer with a log", () => {
  const bytes = (size: number, from: number, to: number) => ({ size, dropped: 0, from, to, body: null });

  test("is plain text, and kept by no cache", () => {
    const { headers, status } = logResponse("run_1", { part: "all" }, bytes(10, 0, 10), false);
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toEqual({
      "content-type": "text/plain; charset=utf-8",
      "content-length": "10",
      "accept-ranges": "bytes",
      "cache-control": "no-store, no-transform",
      "x-log-size": "10",
      "x-log-offset": "0",
      "x-log-dropped": "0",
    });
  });

  test("to a range is 206 with the range that is given, not the one asked for", () => {
    const wanted: LogPart = { part: "range", start: 4, end: 99 };
    const { headers, status } = logResponse("run_1", wanted, bytes(10, 4, 10), false);
    expect(status).toBe(206);
    expect(headers.get("content-range")).toBe("bytes 4-9/10");
    expect(headers.get("content-length")).toBe("6");
  });

  test("to tail and after is 200, with the offset told in its own header", () => {
    for (const wanted of [{ part: "tail", lines: 1 } as const, { part: "after", offset: 4 } as const]) {
      const { headers, status } = logResponse("run_1", wanted, bytes(10, 4, 10), false);
      expect([status, headers.get("x-log-offset"), headers.get("content-range")]).toEqual([200, "4", null]);
    }
  });

  test("to a download names the file after the run", () => {
    const { headers } = logResponse("run_1", { part: "all" }, bytes(0, 0, 0), true);
    expect(headers.get("content-disposition")).toBe('attachment; filename="run_1.log"');
  });
});
