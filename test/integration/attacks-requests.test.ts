import { describe, expect, test } from "vitest";
import { attacked } from "../attacked";
import { PASSWORD } from "../people";
import { rawLines } from "../raw-lines";
import { request } from "../server";

const its = attacked();

/** As a viewer, who may not see the users: whatever is read in two ways must not be let in as one and answered as the other. */
const ODD_PATHS = [
  "//api/v1/users",
  "/api//v1/users",
  "/api/v1//users",
  "/api/v1/users//",
  "/./api/v1/users",
  "/api/v1/./users",
  "/api/v1/jobs/../users",
  "/api/v1/jobs/x/../../users",
  "/health/../api/v1/users",
  "/demo/shop/../../api/v1/users",
  "/_next/static/../../api/v1/users",
  "/_next/static/%2e%2e/%2e%2e/api/v1/users",
  "/_next/static/..%2f..%2fapi/v1/users",
  "/api/v1/jobs/%2e%2e/users",
  "/api/v1/jobs/.%2e/users",
  "/%61pi/v1/users",
  "/api/v1/%75sers",
  "/api/v1/user%73",
  "/api%2fv1%2fusers",
  "/api/v1%2fusers",
  "/api\\v1\\users",
  "/API/v1/users",
  "/api/V1/users",
  "/api/v1/Users",
  "/api/v1/users;x=1",
  "/api/v1/users%00",
  "/api/v1/users%20",
  "/api/v1/users.json",
  "/api/v1/users.rsc",
  "/users.rsc",
  "/users.json",
  "/users/",
  "/%75sers",
  "/./users",
  "/jobs/../users",
  "//users",
  "/(dashboard)/users",
  "/_next/data/x/users.json",
  "/sign-in/../users",
  "/set-up/..%2fusers",
  "http://localhost/api/v1/users",
  "/api/v1/session/../users",
  "/api/v1/users?x=/health",
  "/api/v1/users#/health",
];

test.each(ODD_PATHS)("the path %s shows a viewer no users", async (path) => {
  const answer = await rawLines(its.server.origin, [
    `GET ${path} HTTP/1.1`,
    `host: ${new URL(its.server.origin).host}`,
    `cookie: ${its.viewer.cookie()}`,
    "connection: close",
  ]);
  expect(answer).not.toMatch(/otto|"hasPassword"/);
  expect(answer).toMatch(/^HTTP\/1\.1 (303|308|400|403|404|431)/);
});

describe("a page of another site", () => {
  const ORIGINS = [
    "null",
    "http://evil.example",
    "https://evil.example",
    "file://",
    "http://localhost.evil.example",
    "http://127.0.0.1.evil.example",
    "http://127.0.0.1",
    "http://127.0.0.1:1",
    "http://[::1]",
    "",
  ];
  test.each(ORIGINS)("at %j changes nothing with a session", async (origin) => {
    const headers = { cookie: its.admin.cookie(), origin };
    const answer = await request(its.server.origin, "POST", "/api/v1/jobs/theirs/start", {}, headers);
    expect(answer).toMatchObject({ status: 403, body: { code: "FOREIGN_ORIGIN" } });
  });

  test.each(["cross-site", "same-site", "none"])(
    "without an Origin, Sec-Fetch-Site %s, changes nothing",
    async (site) => {
      const headers = { cookie: its.admin.cookie(), "sec-fetch-site": site };
      const answer = await request(its.server.origin, "POST", "/api/v1/jobs/theirs/start", {}, headers);
      expect(answer).toMatchObject({ status: 403, body: { code: "FOREIGN_ORIGIN" } });
    },
  );

  test.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])(
    "cannot sign anyone in by a form of type %j",
    async (type) => {
      const headers = { "content-type": type, origin: its.server.origin };
      const body = { name: "ada", password: PASSWORD };
      const answer = await request(its.server.origin, "POST", "/api/v1/session", body, headers);
      expect(answer.status).toBe(415);
      expect(answer.headers.get("set-cookie")).toBeNull();
    },
  );

  test.each(["iframe", "frame", "embed", "object", "fencedframe"])(
    "shows no page of ours in an %s",
    async (dest) => {
      const headers = { cookie: its.admin.cookie(), "sec-fetch-dest": dest };
      expect((await request(its.server.origin, "GET", "/", undefined, headers)).status).toBe(403);
    },
  );

  test.each(["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "evil.example:3000"])(
    "under the name %j, which it made point here, is told nothing",
    async (host) => {
      const answer = await request(its.server.origin, "GET", "/api/v1/users", undefined, {
        cookie: its.admin.cookie(),
        host,
      });
      expect([400, 421]).toContain(answer.status);
    },
  );

  test("opens no WebSocket", async () => {
    const answer = await rawLines(its.server.origin, [
      "GET /api/v1/status HTTP/1.1",
      `host: ${new URL(its.server.origin).host}`,
      "connection: Upgrade, close",
      "upgrade: websocket",
      "sec-websocket-version: 13",
      "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
      "origin: http://evil.example",
    ]);
    expect(answer).not.toMatch(/^HTTP\/1\.1 101/);
  });
});

/** Two lengths, two hosts, a length and chunks: what a proxy in front reads in one way and we in another. */
const SMUGGLED: [string, string[]][] = [
  ["two lengths", ["content-length: 2", "content-length: 40"]],
  ["a length and chunks", ["content-length: 40", "transfer-encoding: chunked"]],
  ["chunks in another spelling", ["transfer-encoding: xchunked"]],
  ["chunks named twice", ["transfer-encoding: chunked", "transfer-encoding: identity"]],
  ["a blank before the colon", ["content-length : 2"]],
  ["a folded header", ["x-a: 1", " content-length: 40"]],
  ["a header without a name", [": x"]],
  ["a sign before the length", ["content-length: +2"]],
  ["a hexadecimal length", ["content-length: 0x2"]],
  ["a second host", ["host: evil.example"]],
];

test.each(SMUGGLED)("a request with %s carries no second one", async (_, lines) => {
  const inner = `GET /api/v1/users HTTP/1.1\r\nhost: ${new URL(its.server.origin).host}\r\ncookie: ${its.admin.cookie()}\r\n\r\n`;
  const answer = await rawLines(
    its.server.origin,
    [
      "POST /api/v1/session HTTP/1.1",
      `host: ${new URL(its.server.origin).host}`,
      "content-type: application/json",
      "connection: close",
      ...lines,
    ],
    `{}${inner}`,
  );
  expect(answer).not.toMatch(/"hasPassword"/);
  expect(answer.match(/HTTP\/1\.1 \d/g)?.length ?? 0).toBeLessThanOrEqual(1);
});

const NESTED = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;

test.each<[string, string]>([
  ["__proto__", '{"name":"eve","role":"viewer","__proto__":{"role":"admin"}}'],
  ["constructor", '{"name":"eve","role":"viewer","constructor":{"prototype":{"role":"admin"}}}'],
  ["an unknown field", '{"name":"eve","role":"viewer","isAdmin":true}'],
  ["a role that is not there", '{"name":"eve","role":"root"}'],
  ["a list for a role", '{"name":"eve","role":["admin"]}'],
  ["a grant of admin", '{"name":"eve","role":null,"grants":[{"role":"admin","on":"job:a"}]}'],
  ["a grant on everything", '{"name":"eve","role":null,"grants":[{"role":"operator","on":"*"}]}'],
  ["a name with a line end", '{"name":"eve\\nadmin","role":"viewer"}'],
  ["a name with blanks around it", '{"name":" ada ","role":"viewer"}'],
  ["a name in other letters", '{"name":"аda","role":"viewer"}'],
  ["a name of ours", '{"name":"system","role":"viewer"}'],
  ["the name of the owner", '{"name":"Owner","role":"viewer"}'],
  ["a path for a name", '{"name":"../../etc/passwd","role":"viewer"}'],
  ["markup for a name", '{"name":"<img src=x onerror=alert(1)>","role":"viewer"}'],
  ["a very deep body", `{"name":"eve","role":"viewer","grants":${NESTED}}`],
  ["a body of a wrong kind", "[]"],
  ["no JSON", "{name:eve}"],
])("a new user with %s is not made", async (_, text) => {
  const answer = await fetch(`${its.server.origin}/api/v1/users`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      cookie: its.admin.cookie(),
      origin: its.server.origin,
      connection: "close",
    },
    body: text,
  });
  expect(answer.status).toBe(400);
  await its.untouched();
});

test.each([
  "../../../etc/passwd",
  "..%2f..%2funstuck.db",
  "%00",
  "a/b",
  "-rf",
  "' OR 1=1 --",
  "{{7*7}}",
  "<script>",
  "_secret-key",
  "unstuck.db",
  "runs",
])("no id %j reaches beyond its own rows", async (id) => {
  for (const path of [
    `/api/v1/jobs/${encodeURIComponent(id)}`,
    `/api/v1/runs/${encodeURIComponent(id)}/log`,
  ]) {
    const answer = await its.admin.api("GET", path);
    expect([400, 404]).toContain(answer.status);
    expect(JSON.stringify(answer.body)).not.toMatch(/root:x|SQLite format/);
  }
});

test("nothing that was tried here has changed anything", async () => {
  await its.untouched();
});
