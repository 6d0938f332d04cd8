import { afterEach, describe, expect, it, vi } from "vitest";
import { httpLogSource, logDownloadUrl } from "./logs";

const source = httpLogSource("run_1");
const { signal } = new AbortController();

afterEach(() => vi.unstubAllGlobals());

function answer(body: string | null, init: ResponseInit) {
  const fetch = vi.fn(async (_path: string, _init: RequestInit) => new Response(body, init));
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

function problem(
  code: string,
  status: number,
  details: Record<string, unknown> = {},
): [string, ResponseInit] {
  const body = {
    type: "about:blank",
    title: code,
    status,
    code,
    detail: "What happened.",
    details,
    requestId: "req_1",
  };
  return [JSON.stringify(body), { status, headers: { "content-type": "application/problem+json" } }];
}

describe("httpLogSource", () => {
  it("reads what follows an offset", async () => {
    const fetch = answer("abc", { headers: { "x-log-offset": "5", "x-log-size": "8" } });
    const read = await source.after(5, signal);
    expect(read).toEqual({
      outcome: "bytes",
      at: 5,
      bytes: new TextEncoder().encode("abc"),
      size: 8,
      dropped: 0,
      encoding: "utf-8",
    });
    expect(fetch.mock.calls[0]?.[0]).toBe("/api/v1/runs/run_1/log?after=5");
  });

  it("learns how much of the beginning was dropped, also from a refusal", async () => {
    const headers = { "x-log-offset": "50", "x-log-size": "53", "x-log-dropped": "50" };
    answer("abc", { headers });
    expect(await source.after(5, signal)).toMatchObject({ at: 50, dropped: 50 });
    answer(null, { status: 416, headers });
    expect(await source.range(2, 4, signal)).toEqual({ outcome: "beyond", size: 53, dropped: 50 });
  });

  it("reads a range", async () => {
    const fetch = answer("cd", { status: 206, headers: { "content-range": "bytes 2-3/10" } });
    expect(await source.range(2, 4, signal)).toMatchObject({ outcome: "bytes", at: 2, size: 10 });
    expect(fetch.mock.calls[0]?.[1]).toMatchObject({ headers: { range: "bytes=2-3" } });
  });

  it("does not take a whole file for the range it asked for", async () => {
    answer("everything", { headers: { "x-log-offset": "0", "x-log-size": "10" } });
    await expect(source.range(2, 4, signal)).rejects.toMatchObject({ code: "UNEXPECTED_ANSWER" });
  });

  it.each<[string, ResponseInit, number]>([
    ["x-log-size", { status: 416, headers: { "x-log-size": "7" } }, 7],
    ["content-range", { status: 416, headers: { "content-range": "bytes */9" } }, 9],
    ["nothing", { status: 416 }, 0],
  ])("learns the size of a file that ends before the offset from %s", async (_, init, size) => {
    answer(null, init);
    expect(await source.after(50, signal)).toEqual({ outcome: "beyond", size, dropped: 0 });
  });

  it("learns it from the problem as well", async () => {
    answer(...problem("RANGE_NOT_SATISFIABLE", 416, { size: 11 }));
    expect(await source.after(50, signal)).toEqual({ outcome: "beyond", size: 11, dropped: 0 });
  });

  it("takes a log that does not exist as an answer", async () => {
    answer(...problem("LOG_NOT_FOUND", 404));
    expect(await source.after(0, signal)).toEqual({ outcome: "missing" });
  });

  it("passes other refusals on in the server's words", async () => {
    answer(...problem("RUN_NOT_FOUND", 404));
    await expect(source.after(0, signal)).rejects.toMatchObject({
      code: "RUN_NOT_FOUND",
      requestId: "req_1",
    });
  });

  it("says when nobody answers", async () => {
    vi.stubGlobal(
      "fetch",
      vi.fn(async () => Promise.reject(new TypeError("network"))),
    );
    await expect(source.after(0, signal)).rejects.toMatchObject({ code: "UNREACHABLE" });
  });
});

it("names the whole file for downloading", () => {
  expect(logDownloadUrl("run_1")).toBe("/api/v1/runs/run_1/log?download=1");
});
