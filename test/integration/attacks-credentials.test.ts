import { describe, expect, test } from "vitest";
import { attacked, FAKE } from "../attacked";
import { PASSWORD, person } from "../people";
import { program } from "../programs";
import { request } from "../server";
import { until } from "../until";

const its = attacked();

describe("a cookie that was not handed out", () => {
  const name = () => its.admin.cookie().split("=")[0] ?? "";
  const good = () => its.admin.cookie().split("=")[1] ?? "";
  const CASES: [string, () => string][] = [
    ["made up", () => `${name()}=${FAKE}`],
    ["empty", () => `${name()}=`],
    ["cut", () => `${name()}=${good().slice(0, -1)}`],
    ["longer", () => `${name()}=${good()}A`],
    ["one character changed", () => `${name()}=${good().slice(0, -1)}${good().endsWith("A") ? "B" : "A"}`],
    ["in another case", () => `${name()}=${good().toLowerCase()}`],
    ["quoted", () => `${name()}="${good()}"`],
    ["encoded", () => `${name()}=%${good().charCodeAt(0).toString(16)}${good().slice(1)}`],
    ["under another name", () => `session=${good()}`],
    ["under a name in capitals", () => `${name().toUpperCase()}=${good()}`],
    ["under the name for TLS", () => `__Host-${name()}=${good()}`],
    ["twice, the good one first", () => `${name()}=${good()}; ${name()}=${FAKE}`],
    ["twice, the good one last", () => `${name()}=${FAKE}; ${name()}=${good()}`],
    ["its hash", () => `${name()}=${"0".repeat(64)}`],
    ["SQL", () => `${name()}=' OR '1'='1`],
    ["JSON", () => `${name()}={"role":"admin"}`],
    ["a user's id", () => `${name()}=${its.ids.user}`],
    ["a session's id", () => `${name()}=${its.ids.session}`],
  ];
  test.each(CASES)("%s", async (_, cookie) => {
    const answer = await request(its.server.origin, "GET", "/api/v1/users", undefined, { cookie: cookie() });
    expect(answer).toMatchObject({ status: 401, body: { code: "SIGNED_OUT" } });
  });
});

describe("a token that was not handed out", () => {
  const CASES: [string, () => string][] = [
    ["made up", () => `Bearer unstuck_${FAKE}`],
    ["empty", () => "Bearer "],
    ["the prefix alone", () => "Bearer unstuck_"],
    ["a token's id", () => `Bearer ${its.ids.token}`],
    ["a session's secret", () => `Bearer ${its.admin.cookie().split("=")[1]}`],
    ["a session's secret with the prefix", () => `Bearer unstuck_${its.admin.cookie().split("=")[1]}`],
    ["two", () => `Bearer unstuck_${FAKE}, Bearer unstuck_${FAKE}`],
    ["very long", () => `Bearer unstuck_${"A".repeat(8_000)}`],
    ["SQL", () => "Bearer unstuck_' OR '1'='1"],
    ["a run's id", () => `Bearer ${its.ids.run}`],
    ["Basic", () => `Basic ${Buffer.from(`ada:${PASSWORD}`).toString("base64")}`],
    ["Digest", () => 'Digest username="ada"'],
    ["none", () => "null"],
  ];
  test.each(CASES)("%s", async (_, authorization) => {
    const answer = await request(its.server.origin, "GET", "/api/v1/users", undefined, {
      authorization: authorization(),
    });
    expect(answer).toMatchObject({ status: 401, body: { code: "SIGNED_OUT" } });
  });

  test("a wrong token is not made good by a session beside it", async () => {
    const headers = { authorization: `Bearer unstuck_${FAKE}`, cookie: its.admin.cookie() };
    expect((await request(its.server.origin, "GET", "/api/v1/users", undefined, headers)).status).toBe(401);
  });
});

test.each([
  ["x-unstuck-door", "owner"],
  ["x-unstuck-identity", '{"name":"ada","access":{"role":"admin","grants":[]}}'],
  ["x-unstuck-user", "ada"],
  ["x-remote-user", "ada"],
  ["remote-user", "ada"],
  ["x-forwarded-user", "ada"],
  ["x-forwarded-for", "127.0.0.1"],
  ["x-real-ip", "127.0.0.1"],
  ["forwarded", "for=127.0.0.1"],
  ["x-original-url", "/health"],
  ["x-rewrite-url", "/health"],
  ["x-http-method-override", "GET"],
  ["x-middleware-subrequest", "middleware:middleware:middleware:middleware:middleware"],
  ["x-middleware-prefetch", "1"],
  ["x-matched-path", "/health"],
  ["x-invoke-path", "/health"],
  ["x-now-route-matches", "1"],
  ["next-action", "0000"],
  ["rsc", "1"],
])("the header %s lets no one in", async (name, value) => {
  for (const path of ["/api/v1/users", "/users"]) {
    const answer = await request(its.server.origin, "GET", path, undefined, { [name]: value });
    expect([401, 303]).toContain(answer.status);
    expect(JSON.stringify(answer.body)).not.toContain("otto");
  }
});

test("a session of before signing in is not the one after it", async () => {
  const browser = person(its.server, `${its.admin.cookie().split("=")[0]}=${FAKE}`);
  const before = browser.cookie();
  expect((await browser.api("POST", "/api/v1/session", { name: "vera", password: PASSWORD })).status).toBe(
    200,
  );
  expect(browser.cookie()).not.toBe(before);
  expect((await person(its.server, before).api("GET", "/api/v1/status")).status).toBe(401);
});

test("one's own session cannot be used to end another's", async () => {
  const answer = await its.viewer.api("DELETE", `/api/v1/account/sessions/${its.ids.session}`);
  expect(answer).toMatchObject({ status: 404, body: { code: "SESSION_NOT_FOUND" } });
  expect((await its.admin.api("GET", "/api/v1/status")).status).toBe(200);
});

test("a run's token reports for its run and does nothing else", async () => {
  await its.admin.api("POST", "/api/v1/jobs", {
    id: "tells",
    argv: program("prints-environment"),
    cwd: its.server.dataDir,
  });
  const { body } = await its.admin.api("POST", "/api/v1/jobs/tells/start");
  let log = "";
  await expect
    .poll(async () => {
      log = String((await its.admin.api("GET", `/api/v1/runs/${body.run.id}/log`)).body);
      return log;
    })
    .toMatch(/UNSTUCK_RUN_TOKEN=\w+/);
  const token = /UNSTUCK_RUN_TOKEN=(\w+)/.exec(log)?.[1] ?? "";
  expect(log).not.toContain("UNSTUCK_SOCKET=");
  for (const [method, path] of [
    ["GET", "/api/v1/status"],
    ["GET", `/api/v1/runs/${body.run.id}`],
    ["POST", "/api/v1/jobs/tells/stop"],
    ["POST", `/api/v1/runs/${its.ids.run}/heartbeat`],
  ] as const) {
    const answer = await request(its.server.origin, method, path, method === "POST" ? {} : undefined, {
      authorization: `Bearer ${token}`,
    });
    expect([401, 410]).toContain(answer.status);
  }
  await its.admin.api("DELETE", "/api/v1/jobs/tells");
});

test("nothing that was tried here has changed anything", async () => {
  await until(
    "the job is gone",
    async () => (await its.admin.api("GET", "/api/v1/jobs/tells")).status === 404,
  );
  await its.untouched();
});
