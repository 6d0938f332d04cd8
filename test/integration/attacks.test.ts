import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { API_RULES, METHODS, PAGE_RULES, type Rule } from "@/lib/auth/rules";
import { firstAdmin, newPerson, PASSWORD, type Person, person, withToken } from "../people";
import { program } from "../programs";
import { rawLines } from "../raw-lines";
import { type Answer, cleanUp, request, startServer, type TestServer } from "../server";

/**
 * What someone tries who has no business here. Every case has to end outside: with a refusal, and with nothing told or changed. Paths, methods
 * and roles come from the table of rules itself, so that a new route is attacked from its first day on.
 */

let server: TestServer;
let admin: Person;
let viewer: Person;
let operator: Person;
let part: Person;
let ids: Record<string, string> = {};

beforeAll(async () => {
  server = await startServer({ env: { UNSTUCK_AUTH: "" } });
  admin = await firstAdmin(server);
  viewer = await newPerson(server, admin, { name: "vera", role: "viewer" });
  operator = await newPerson(server, admin, { name: "otto", role: "operator" });
  part = await newPerson(server, admin, { name: "part", grants: [{ role: "operator", on: "job:mine" }] });
  for (const id of ["mine", "theirs"])
    expect(
      (await admin.api("POST", "/api/v1/jobs", { id, argv: program("exits-with", 0), cwd: server.dataDir }))
        .status,
    ).toBe(201);
  const { body } = await admin.api("POST", "/api/v1/jobs/theirs/start");
  const { body: users } = await admin.api("GET", "/api/v1/users");
  const token = await withToken(server, admin, { name: "theirs", role: "admin" });
  const { body: sessions } = await admin.api("GET", "/api/v1/account/sessions");
  ids = {
    job: "theirs",
    run: body.run.id,
    user: users.items.find(({ name }: Answer) => name === "ada").id,
    token: token.id,
    session: sessions.items[0].id,
    plan: "plan_00000000000000000000",
    alert: "alert_00000000000000000000",
    stray: "1-1",
    name: "worker",
  };
});
afterAll(cleanUp);

/** What nobody of these may have changed. */
async function untouched(): Promise<void> {
  const [{ body: users }, { body: jobs }, { body: tokens }] = await Promise.all([
    admin.api("GET", "/api/v1/users"),
    admin.api("GET", "/api/v1/jobs"),
    admin.api("GET", "/api/v1/tokens"),
  ]);
  expect(users.items.map(({ name, role }: Answer) => `${name} ${role}`)).toEqual([
    "ada admin",
    "otto operator",
    "part null",
    "vera viewer",
  ]);
  expect(jobs.items.map(({ id, version }: Answer) => `${id} ${version}`)).toEqual(["mine 1", "theirs 1"]);
  expect(tokens.items.map(({ name, state }: Answer) => `${name} ${state}`)).toEqual(["theirs active"]);
}

type Way = { readonly method: string; readonly path: string; readonly rule: Rule; readonly isThere: boolean };

const ways: Way[] = Object.entries<Partial<Record<string, Rule>>>(API_RULES).flatMap(([path, rules]) =>
  METHODS.map((method) => ({
    method,
    path,
    rule: rules[method] ?? rules.GET ?? "signed-in",
    isThere: method in rules,
  })),
);
const known = ways.filter(({ isThere }) => isThere);

function filled(path: string): string {
  return path.replace("/[[...path]]", "").replaceAll(/\[(\w+)\]/g, (_, name: string) => ids[name] ?? name);
}

const bodyOf = (method: string) => (method === "GET" || method === "DELETE" ? undefined : {});

describe("without signing in", () => {
  test.each(ways.filter(({ rule }) => rule !== "public"))(
    "$method $path tells nothing",
    async ({ method, path }) => {
      const answer = await request(server.origin, method, filled(path), bodyOf(method));
      expect(answer).toMatchObject({ status: 401, body: { code: "SIGNED_OUT" } });
      expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    },
  );

  test.each(Object.entries(PAGE_RULES).filter(([, { GET }]) => (GET as Rule) !== "public"))(
    "the page %s sends to the sign-in page",
    async (path) => {
      for (const headers of [{}, { rsc: "1", "next-router-prefetch": "1" }]) {
        const answer = await request(server.origin, "GET", `${filled(path)}?_rsc=x`, undefined, headers);
        expect(answer.status).toBe(303);
        expect(answer.headers.get("location")).toMatch(/^\/sign-in\?next=%2F/);
      }
    },
  );
});

const FORBIDDEN: Record<string, (rule: Rule) => boolean> = {
  viewer: (rule) => /^(operator|admin)/.test(rule),
  operator: (rule) => rule === "admin",
  "someone with a role for another job": (rule) => !["public", "signed-in", "viewer some"].includes(rule),
};

describe.each(Object.keys(FORBIDDEN))("as %s", (who) => {
  const someone = () => (who === "viewer" ? viewer : who === "operator" ? operator : part);
  test.each(known.filter(({ rule }) => FORBIDDEN[who]?.(rule)))(
    "$method $path is not allowed",
    async ({ method, path }) => {
      const answer = await someone().api(method, filled(path), bodyOf(method));
      expect(answer).toMatchObject({ status: 403, body: { code: "NOT_ALLOWED" } });
    },
  );
  test("nothing was changed by it", untouched);
});

/** As 43 characters, like a real one. */
const FAKE = "A".repeat(43);

describe("a cookie that was not handed out", () => {
  const name = () => admin.cookie().split("=")[0] ?? "";
  const good = () => admin.cookie().split("=")[1] ?? "";
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
    ["a user's id", () => `${name()}=${ids.user}`],
    ["a session's id", () => `${name()}=${ids.session}`],
  ];
  test.each(CASES)("%s", async (_, cookie) => {
    const answer = await request(server.origin, "GET", "/api/v1/users", undefined, { cookie: cookie() });
    expect(answer).toMatchObject({ status: 401, body: { code: "SIGNED_OUT" } });
  });
});

describe("a token that was not handed out", () => {
  const CASES: [string, () => string][] = [
    ["made up", () => `Bearer unstuck_${FAKE}`],
    ["empty", () => "Bearer "],
    ["the prefix alone", () => "Bearer unstuck_"],
    ["a token's id", () => `Bearer ${ids.token}`],
    ["a session's secret", () => `Bearer ${admin.cookie().split("=")[1]}`],
    ["a session's secret with the prefix", () => `Bearer unstuck_${admin.cookie().split("=")[1]}`],
    ["two", () => `Bearer unstuck_${FAKE}, Bearer unstuck_${FAKE}`],
    ["very long", () => `Bearer unstuck_${"A".repeat(8_000)}`],
    ["SQL", () => "Bearer unstuck_' OR '1'='1"],
    ["a run's id", () => `Bearer ${ids.run}`],
    ["Basic", () => `Basic ${Buffer.from(`ada:${PASSWORD}`).toString("base64")}`],
    ["Digest", () => 'Digest username="ada"'],
    ["none", () => "null"],
  ];
  test.each(CASES)("%s", async (_, authorization) => {
    const answer = await request(server.origin, "GET", "/api/v1/users", undefined, {
      authorization: authorization(),
    });
    expect(answer).toMatchObject({ status: 401, body: { code: "SIGNED_OUT" } });
  });

  test("a wrong token is not made good by a session beside it", async () => {
    const headers = { authorization: `Bearer unstuck_${FAKE}`, cookie: admin.cookie() };
    expect((await request(server.origin, "GET", "/api/v1/users", undefined, headers)).status).toBe(401);
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
    const answer = await request(server.origin, "GET", path, undefined, { [name]: value });
    expect([401, 303]).toContain(answer.status);
    expect(JSON.stringify(answer.body)).not.toContain("otto");
  }
});

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
  const answer = await rawLines(server.origin, [
    `GET ${path} HTTP/1.1`,
    `host: ${new URL(server.origin).host}`,
    `cookie: ${viewer.cookie()}`,
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
    const headers = { cookie: admin.cookie(), origin };
    const answer = await request(server.origin, "POST", "/api/v1/jobs/theirs/start", {}, headers);
    expect(answer).toMatchObject({ status: 403, body: { code: "FOREIGN_ORIGIN" } });
  });

  test.each(["cross-site", "same-site", "none"])(
    "without an Origin, Sec-Fetch-Site %s, changes nothing",
    async (site) => {
      const headers = { cookie: admin.cookie(), "sec-fetch-site": site };
      const answer = await request(server.origin, "POST", "/api/v1/jobs/theirs/start", {}, headers);
      expect(answer).toMatchObject({ status: 403, body: { code: "FOREIGN_ORIGIN" } });
    },
  );

  test.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])(
    "cannot sign anyone in by a form of type %j",
    async (type) => {
      const headers = { "content-type": type, origin: server.origin };
      const body = { name: "ada", password: PASSWORD };
      const answer = await request(server.origin, "POST", "/api/v1/session", body, headers);
      expect(answer.status).toBe(415);
      expect(answer.headers.get("set-cookie")).toBeNull();
    },
  );

  test.each(["iframe", "frame", "embed", "object", "fencedframe"])(
    "shows no page of ours in an %s",
    async (dest) => {
      const headers = { cookie: admin.cookie(), "sec-fetch-dest": dest };
      expect((await request(server.origin, "GET", "/", undefined, headers)).status).toBe(403);
    },
  );

  test.each(["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "evil.example:3000"])(
    "under the name %j, which it made point here, is told nothing",
    async (host) => {
      const answer = await request(server.origin, "GET", "/api/v1/users", undefined, {
        cookie: admin.cookie(),
        host,
      });
      expect([400, 421]).toContain(answer.status);
    },
  );

  test("opens no WebSocket", async () => {
    const answer = await rawLines(server.origin, [
      "GET /api/v1/status HTTP/1.1",
      `host: ${new URL(server.origin).host}`,
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
  const inner = `GET /api/v1/users HTTP/1.1\r\nhost: ${new URL(server.origin).host}\r\ncookie: ${admin.cookie()}\r\n\r\n`;
  const answer = await rawLines(
    server.origin,
    [
      "POST /api/v1/session HTTP/1.1",
      `host: ${new URL(server.origin).host}`,
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
  const answer = await fetch(`${server.origin}/api/v1/users`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      cookie: admin.cookie(),
      origin: server.origin,
      connection: "close",
    },
    body: text,
  });
  expect(answer.status).toBe(400);
  await untouched();
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
    const answer = await admin.api("GET", path);
    expect([400, 404]).toContain(answer.status);
    expect(JSON.stringify(answer.body)).not.toMatch(/root:x|SQLite format/);
  }
});

test("a session of before signing in is not the one after it", async () => {
  const browser = person(server, `${admin.cookie().split("=")[0]}=${FAKE}`);
  const before = browser.cookie();
  expect((await browser.api("POST", "/api/v1/session", { name: "vera", password: PASSWORD })).status).toBe(
    200,
  );
  expect(browser.cookie()).not.toBe(before);
  expect((await person(server, before).api("GET", "/api/v1/status")).status).toBe(401);
});

test("one's own session cannot be used to end another's", async () => {
  const answer = await viewer.api("DELETE", `/api/v1/account/sessions/${ids.session}`);
  expect(answer).toMatchObject({ status: 404, body: { code: "SESSION_NOT_FOUND" } });
  expect((await admin.api("GET", "/api/v1/status")).status).toBe(200);
});

test("a run's token reports for its run and does nothing else", async () => {
  await admin.api("POST", "/api/v1/jobs", {
    id: "tells",
    argv: program("prints-environment"),
    cwd: server.dataDir,
  });
  const { body } = await admin.api("POST", "/api/v1/jobs/tells/start");
  let log = "";
  await expect
    .poll(async () => {
      log = String((await admin.api("GET", `/api/v1/runs/${body.run.id}/log`)).body);
      return log;
    })
    .toMatch(/UNSTUCK_RUN_TOKEN=\w+/);
  const token = /UNSTUCK_RUN_TOKEN=(\w+)/.exec(log)?.[1] ?? "";
  expect(log).not.toContain("UNSTUCK_SOCKET=");
  for (const [method, path] of [
    ["GET", "/api/v1/status"],
    ["GET", `/api/v1/runs/${body.run.id}`],
    ["POST", "/api/v1/jobs/tells/stop"],
    ["POST", `/api/v1/runs/${ids.run}/heartbeat`],
  ] as const) {
    const answer = await request(server.origin, method, path, bodyOf(method), {
      authorization: `Bearer ${token}`,
    });
    expect([401, 410]).toContain(answer.status);
  }
  await admin.api("DELETE", "/api/v1/jobs/tells");
});

test("nothing that was tried here has changed anything", async () => {
  await expect.poll(async () => (await admin.api("GET", "/api/v1/jobs/tells")).status).toBe(404);
  await untouched();
});
