import { expect, test } from "vitest";
import { refusedCalls } from "./refused-calls";

const CALL = { what: "GET /api/v1/status", agent: "curl/7.88.1", address: "127.0.0.1" };

test("the same call is counted, with the time of the last one, and the newest come first", () => {
  const calls = refusedCalls();
  calls.note({ ...CALL, at: 1 });
  calls.note({ ...CALL, what: "POST /api/v1/jobs/a/start", at: 2 });
  calls.note({ ...CALL, at: 3 });
  expect(calls.list()).toEqual([
    { ...CALL, count: 2, at: 3 },
    { ...CALL, what: "POST /api/v1/jobs/a/start", count: 1, at: 2 },
  ]);
});

test("whatever is called, only a few are kept, and none is long", () => {
  const calls = refusedCalls();
  for (let at = 0; at < 1_000; at += 1)
    calls.note({ ...CALL, what: `GET /${at}`, agent: "x".repeat(5_000), at });
  expect(calls.list()).toHaveLength(20);
  expect(calls.list()[0]).toMatchObject({ what: "GET /999", agent: "x".repeat(120) });
});
