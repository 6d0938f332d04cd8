import { expect, test } from "vitest";
import { parseWrk, wrkScript } from "./wrk.mjs";

const PRINTED = `Running 10s test @ http://127.0.0.1:1234/api/v1/status
  1 threads and 10 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   310.12us  200.00us   9.99ms   90.00%
  Latency Distribution
     50%  310.00us
     75%  350.00us
     90%    1.20ms
     99%    1.72s
  300000 requests in 10.00s, 40.00MB read
Requests/sec:  29990.12
Transfer/sec:      4.00MB
`;

test("rate and latencies are read, in milliseconds", () => {
  expect(parseWrk(PRINTED)).toEqual({
    perSecond: 29_990.12,
    p50: 0.31,
    p99: 1_720,
    errors: "none",
    unchangedPercent: null,
  });
});

test("errors and answers without news are read", () => {
  const text = `${PRINTED}  Socket errors: connect 0, read 12, write 0, timeout 1
  Non-2xx or 3xx responses: 7
Unchanged: 900 of 1000
`;
  expect(parseWrk(text)).toMatchObject({
    errors: "connect 0, read 12, write 0, timeout 1; 7 refused",
    unchangedPercent: 90,
  });
});

test("what was not printed was not measured", () => {
  expect(parseWrk("unable to connect")).toMatchObject({ perSecond: 0, p50: null, p99: null });
});

test("a request is told to wrk as it is", () => {
  const call = { path: "/RPC2", method: "POST", headers: { "content-type": "text/xml" }, body: 'a "b"\n' };
  expect(wrkScript(call, false)).toBe(
    'wrk.method = "POST"\nwrk.body = "a \\"b\\"\\n"\nwrk.headers["content-type"] = "text/xml"\n',
  );
  expect(wrkScript({ path: "/" }, true)).toContain('wrk.headers["If-None-Match"]');
});
