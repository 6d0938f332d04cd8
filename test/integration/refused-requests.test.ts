import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { oneServer } from "../one-server";
import { program } from "../programs";
import { rawRequest } from "../raw-request";
import { everything, expectRefused, JSON_TYPE, post, type Refusal } from "../refusals";
import { until } from "../until";

const its = oneServer();
let runId: string;

beforeAll(async () => {
  await its.op.makeJob("job", program("writes-lines", 3));
  runId = (await its.op.over((await its.op.start("job")).id)).id;
  const runs = join(its.server.dataDir, "runs");
  // It goes a moment after the end, which would look like a change made by a refused request.
  await until("the folder of the ended run is removed", () => readdirSync(runs).length === 0);
});

const UNKNOWN_RUN = `run_${"0".repeat(20)}`;
const TEN_MB = 10 * 1024 * 1024;

const REFUSED: readonly Refusal[] = [
  ["malformed JSON", () => post("/api/v1/jobs", '{"id": "x",'), 400, "MALFORMED_JSON"],
  ["JSON that is a list", () => post("/api/v1/jobs", []), 400, "INVALID_INPUT"],
  ["JSON that is null", () => post("/api/v1/jobs", "null"), 400, "INVALID_INPUT"],
  ["no body where one is needed", () => ({ method: "POST", path: "/api/v1/jobs" }), 400, "INVALID_INPUT"],
  [
    "a form",
    () => post("/api/v1/jobs", "id=x", { "content-type": "application/x-www-form-urlencoded" }),
    415,
    "UNSUPPORTED_MEDIA_TYPE",
  ],
  [
    "plain text",
    () => post("/api/v1/jobs/job/start", "{}", { "content-type": "text/plain" }),
    415,
    "UNSUPPORTED_MEDIA_TYPE",
  ],
  ["no content type", () => post("/api/v1/jobs/job/start", "{}", {}), 415, "UNSUPPORTED_MEDIA_TYPE"],
  ["10 MB with its length", () => post("/api/v1/jobs", `"${"x".repeat(TEN_MB)}"`), 413, "BODY_TOO_LARGE"],
  [
    "10 MB without its length",
    () => ({ ...post("/api/v1/jobs", ""), body: Array.from({ length: 160 }, () => "x".repeat(65_536)) }),
    413,
    "BODY_TOO_LARGE",
  ],
  [
    "an unknown field of a start",
    () => post("/api/v1/jobs/job/start", { forced: true }),
    400,
    "INVALID_INPUT",
  ],
  ["an unknown mode", () => post("/api/v1/jobs/job/start", { mode: "again" }), 400, "INVALID_INPUT"],
  ["an argument with NUL", () => post("/api/v1/jobs/job/start", { args: ["a\0"] }), 400, "INVALID_INPUT"],
  ["a negative grace", () => post("/api/v1/jobs/job/stop", { graceMs: -1 }), 400, "INVALID_INPUT"],
  ["a grace that is a text", () => post("/api/v1/jobs/job/stop", { graceMs: "1s" }), 400, "INVALID_INPUT"],
  ["force that is a text", () => post("/api/v1/jobs/job/stop", { force: "yes" }), 400, "INVALID_INPUT"],
  ["an endless delay", () => post("/api/v1/jobs/job/restart", { delayMs: 1e12 }), 400, "INVALID_INPUT"],
  ["an unknown field of stop-all", () => post("/api/v1/stop-all", { force: true }), 400, "INVALID_INPUT"],
  [
    "a change without its version",
    () => ({ ...post("/api/v1/jobs/job", { title: "New" }), method: "PATCH" }),
    400,
    "INVALID_INPUT",
  ],
  [
    "a change of the id",
    () => ({ ...post("/api/v1/jobs/job", { id: "other", version: 1 }), method: "PATCH" }),
    400,
    "INVALID_INPUT",
  ],
  ["a stop of a job at rest", () => post("/api/v1/jobs/job/stop", {}), 409, "NOT_RUNNING"],
  ["an unknown job", () => ({ path: "/api/v1/jobs/nobody" }), 404, "JOB_NOT_FOUND"],
  ["a start of an unknown job", () => post("/api/v1/jobs/nobody/start", {}), 404, "JOB_NOT_FOUND"],
  ["a restart of an unknown job", () => post("/api/v1/jobs/nobody/restart", {}), 404, "JOB_NOT_FOUND"],
  ["an unknown job's status", () => ({ path: "/api/v1/jobs/nobody/status" }), 404, "JOB_NOT_FOUND"],
  [
    "deleting an unknown job",
    () => ({ method: "DELETE", path: "/api/v1/jobs/nobody" }),
    404,
    "JOB_NOT_FOUND",
  ],
  ["an unknown run", () => ({ path: `/api/v1/runs/${UNKNOWN_RUN}` }), 404, "RUN_NOT_FOUND"],
  ["an unknown run's log", () => ({ path: `/api/v1/runs/${UNKNOWN_RUN}/log` }), 404, "RUN_NOT_FOUND"],
  ["an unknown run's events", () => ({ path: `/api/v1/runs/${UNKNOWN_RUN}/events` }), 404, "RUN_NOT_FOUND"],
  ["a run id that is none", () => ({ path: "/api/v1/runs/42" }), 400, "INVALID_INPUT"],
  ["a job id that is none", () => post("/api/v1/jobs/UPPER/start", {}), 400, "INVALID_INPUT"],
  [
    "an encoded way upwards for a job",
    () => post("/api/v1/jobs/..%2f..%2fetc/start", {}),
    400,
    "INVALID_INPUT",
  ],
  [
    "an encoded way upwards for a log",
    () => ({ path: "/api/v1/runs/..%2f..%2funstuck.db/log" }),
    400,
    "INVALID_INPUT",
  ],
  [
    "an emoji for a job",
    () => post(`/api/v1/jobs/${encodeURIComponent("🕷")}/start`, {}),
    400,
    "INVALID_INPUT",
  ],
  ["a reserved name for a job", () => post("/api/v1/jobs/exits/start", {}), 400, "INVALID_INPUT"],
  ["a path of the API that is none", () => ({ path: "/api/v1/nothing/here" }), 404, "ROUTE_NOT_FOUND"],
  ["an unknown state in a query", () => ({ path: "/api/v1/runs?state=zombie" }), 400, "INVALID_INPUT"],
  ["a date that is none", () => ({ path: "/api/v1/runs?since=yesterday" }), 400, "INVALID_INPUT"],
  ["a page of 0", () => ({ path: "/api/v1/runs?limit=0" }), 400, "INVALID_INPUT"],
  ["a page of 201", () => ({ path: "/api/v1/jobs?limit=201" }), 400, "INVALID_INPUT"],
  ["tail=-1", () => ({ path: `/api/v1/runs/${runId}/log?tail=-1` }), 400, "INVALID_INPUT"],
  ["tail=0", () => ({ path: `/api/v1/runs/${runId}/log?tail=0` }), 400, "INVALID_INPUT"],
  ["tail=abc", () => ({ path: `/api/v1/runs/${runId}/log?tail=abc` }), 400, "INVALID_INPUT"],
  ["after=-1", () => ({ path: `/api/v1/runs/${runId}/log?after=-1` }), 400, "INVALID_INPUT"],
  ["tail and after", () => ({ path: `/api/v1/runs/${runId}/log?tail=1&after=1` }), 400, "INVALID_INPUT"],
  [
    "after past the end",
    () => ({ path: `/api/v1/runs/${runId}/log?after=22` }),
    416,
    "RANGE_NOT_SATISFIABLE",
  ],
  [
    "a range past the end",
    () => ({ path: `/api/v1/runs/${runId}/log`, headers: { range: "bytes=21-" } }),
    416,
    "RANGE_NOT_SATISFIABLE",
  ],
];

expectRefused(its, REFUSED);

const METHODS: readonly [string, string, string][] = [
  ["PUT", "/api/v1/jobs", "GET, POST"],
  ["POST", "/api/v1/jobs/job", "GET, PATCH, DELETE"],
  ["GET", "/api/v1/jobs/job/start", "POST"],
  ["GET", "/api/v1/stop-all", "POST"],
  ["DELETE", "/api/v1/runs", "GET"],
  ["POST", "/api/v1/runs/any/log", "GET"],
  ["POST", "/health", "GET"],
];

describe("a method a path does not have is answered with those it has", () => {
  for (const [method, path, allow] of METHODS) {
    test(`${method} ${path}`, async () => {
      const before = await everything(its);
      const answer = await rawRequest(its.server.origin, { method, path, headers: JSON_TYPE });
      expect(answer).toMatchObject({ status: 405, headers: { allow }, body: { code: "METHOD_NOT_ALLOWED" } });
      expect(await everything(its)).toEqual(before);
    });
  }
});

test("dots in a path lead to no file, whether they are encoded or not", async () => {
  for (const path of [
    "/api/v1/jobs/../../unstuck.db",
    "/api/v1/jobs/%2e%2e/%2e%2e/unstuck.db",
    "/../../etc/passwd",
  ]) {
    const answer = await rawRequest(its.server.origin, { path });
    expect([307, 308, 400, 404], path).toContain(answer.status);
    expect(String(JSON.stringify(answer.body))).not.toMatch(/SQLite format|root:/);
  }
});

test("a path that is no text is a problem, not a crash", async () => {
  for (const path of ["/api/v1/jobs/%zz", "/%", "/jobs/%ff", "/api/v1/runs/%c3%28"]) {
    const answer = await rawRequest(its.server.origin, { path });
    expect(answer, path).toMatchObject({ status: 400, body: { code: "INVALID_INPUT" } });
  }
});
