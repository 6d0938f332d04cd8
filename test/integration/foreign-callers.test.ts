import { beforeAll, expect, test } from "vitest";
import { oneServer } from "../one-server";
import { program } from "../programs";
import { rawRequest } from "../raw-request";
import { expectRefused, JSON_TYPE, post, type Refusal } from "../refusals";

/** Pages of other sites, and names that are not ours: a browser on this machine must not be talked into commanding it. */
const its = oneServer();
beforeAll(() => its.op.makeJob("job", program("writes-lines", 3)));

const REFUSED: readonly Refusal[] = [
  [
    "a foreign Host",
    () => ({ path: "/api/v1/jobs", headers: { host: "evil.example" } }),
    421,
    "FOREIGN_HOST",
  ],
  [
    "a foreign Host that begins like ours",
    () => ({ path: "/", headers: { host: "localhost.evil.example" } }),
    421,
    "FOREIGN_HOST",
  ],
  [
    "a foreign Origin",
    () => post("/api/v1/jobs/job/start", {}, { ...JSON_TYPE, origin: "https://evil.example" }),
    403,
    "FOREIGN_ORIGIN",
  ],
  [
    "an Origin of another port",
    () => post("/api/v1/stop-all", {}, { ...JSON_TYPE, origin: "http://127.0.0.1:1" }),
    403,
    "FOREIGN_ORIGIN",
  ],
  [
    "Origin null",
    () => post("/api/v1/jobs/job/start", {}, { ...JSON_TYPE, origin: "null" }),
    403,
    "FOREIGN_ORIGIN",
  ],
  [
    "a cross-site fetch without Origin",
    () => post("/api/v1/stop-all", {}, { ...JSON_TYPE, "sec-fetch-site": "cross-site" }),
    403,
    "FOREIGN_ORIGIN",
  ],
];

expectRefused(its, REFUSED);

test("a page of our own may change things, and a reader needs no Origin", async () => {
  const headers = { ...JSON_TYPE, origin: its.server.origin, "sec-fetch-site": "same-origin" };
  const started = await rawRequest(its.server.origin, post("/api/v1/jobs/job/start", {}, headers));
  expect(started.status).toBe(202);
  await its.op.over(started.body.run.id);
  const read = await rawRequest(its.server.origin, {
    path: "/health",
    headers: { "sec-fetch-site": "cross-site" },
  });
  expect(read.status).toBe(200);
});

test("localhost and 127.0.0.1 are both names of the dashboard, with any port", async () => {
  for (const host of ["localhost", "localhost:3000", "127.0.0.1", "[::1]:80", "LOCALHOST"])
    expect((await rawRequest(its.server.origin, { path: "/health", headers: { host } })).status, host).toBe(
      200,
    );
});
