import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { firstAdmin, newPerson, type Person } from "../people";
import { type Answer, cleanUp, request, startServer, type TestServer } from "../server";

/** The tests connect from 127.0.0.1, so that is where the proxy is, or not. */
const HERE = "127.0.0.1";
const ELSEWHERE = "192.0.2.7";

const MODE = { UNSTUCK_AUTH: "", UNSTUCK_TRUSTED_HEADER: "X-Remote-User" };

/** Asks as a proxy that has signed someone in. */
function through(server: TestServer) {
  return (method: string, path: string, headers: Record<string, string>, body?: unknown) =>
    request(server.origin, method, path, body, headers);
}
const user = (name: string) => ({ "x-remote-user": name });

describe("a header of a proxy that is listed", () => {
  let server: TestServer;
  let admin: Person;
  let ask: ReturnType<typeof through>;
  beforeAll(async () => {
    server = await startServer({ env: { ...MODE, UNSTUCK_TRUSTED_PROXIES: HERE } });
    ask = through(server);
    const early = await ask("GET", "/api/v1/status", user("early"));
    expect(early, "no one comes before the first admin").toMatchObject({
      status: 401,
      body: { code: "SIGNED_OUT" },
    });
    expect((await ask("GET", "/jobs", user("early"))).headers.get("location")).toBe("/set-up");
    admin = await firstAdmin(server);
  });
  afterAll(cleanUp);

  const me = async (headers: Record<string, string>): Promise<Answer> =>
    (await ask("GET", "/api/v1/session", headers)).body.me;
  const users = async (): Promise<Answer[]> => (await admin.api("GET", "/api/v1/users")).body.items;

  test("signs in without a session, and makes the user at first sight, once, as a viewer", async () => {
    const all = await Promise.all(
      Array.from({ length: 10 }, () => ask("GET", "/api/v1/status", user("otto"))),
    );
    expect(all.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect((await users()).filter(({ name }) => name === "otto")).toMatchObject([
      { name: "otto", role: "viewer", hasPassword: false },
    ]);
    expect(await me(user("OTTO"))).toMatchObject({ name: "otto", via: "proxy", mustChange: false });
    expect(await ask("GET", "/api/v1/users", user("otto"))).toMatchObject({ status: 403 });
    const rows = (await admin.api("GET", "/api/v1/audit?actor=otto&action=user.created")).body.items;
    expect(rows).toMatchObject([{ via: "proxy", viaId: null, address: HERE, details: { user: "otto" } }]);
    const answer = await ask("GET", "/api/v1/session", user("otto"));
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  test("leaves a user who is there with their role, and what they do is written down as theirs", async () => {
    await newPerson(server, admin, { name: "vera", role: "admin" });
    expect(await me(user("vera"))).toMatchObject({ name: "vera", role: "admin" });
    const headers = { ...user("vera"), origin: server.origin, "x-forwarded-for": "198.51.100.4" };
    expect((await ask("POST", "/api/v1/tokens", headers, { name: "veras" })).status).toBe(201);
    const [row] = (await admin.api("GET", "/api/v1/audit?actor=vera&action=token.")).body.items;
    expect(row).toMatchObject({ actor: "vera", via: "proxy", address: "198.51.100.4" });
  });

  test("goes before a session that came along, and a token goes before both", async () => {
    expect(await me({ ...user("otto"), cookie: admin.cookie() })).toMatchObject({ name: "otto" });
    const made = await admin.api("POST", "/api/v1/tokens", { name: "robot" });
    const authorization = `Bearer ${made.body.secret}`;
    expect(await me({ ...user("otto"), authorization })).toMatchObject({ name: "token:robot", via: "token" });
    expect(await me({ cookie: admin.cookie() })).toMatchObject({ name: "ada", via: "session" });
  });

  test("changes nothing without an Origin: the browser sends the proxy's cookie to whatever asks", async () => {
    for (const headers of [user("vera"), { ...user("vera"), origin: "http://evil.example" }])
      expect(await ask("POST", "/api/v1/stop-all", headers, {})).toMatchObject({
        status: 403,
        body: { code: "FOREIGN_ORIGIN" },
      });
  });

  test("that came a second time, forged, lets no one in", async () => {
    const before = (await users()).length;
    for (const lines of [
      ["X-Remote-User: ada", "X-Remote-User: otto"],
      ["x-remote-user: otto", "X-REMOTE-USER: ada"],
      ["X-Remote-User: otto, ada"],
    ])
      expect(await raw(server, "/api/v1/users", lines)).toMatch(/^HTTP\/1\.1 403 [\s\S]*PROXY_USER_REFUSED/);
    // Another name for it is no name for it.
    expect(await raw(server, "/api/v1/users", ["X_Remote_User: ada"])).toMatch(/^HTTP\/1\.1 401 /);
    expect((await users()).length).toBe(before);
    const [row] = (await admin.api("GET", "/api/v1/audit?action=session.refused")).body.items;
    expect(row).toMatchObject({ actor: "unknown", via: "proxy", outcome: "refused" });
  });

  test("with a name that no user may have is refused, for a person by a page that says why", async () => {
    for (const name of ["owner", "system", "-ada", "a b", "<b>"])
      expect((await ask("GET", "/api/v1/status", user(name))).body.code, name).toBe("PROXY_USER_REFUSED");
    const page = await ask("GET", "/jobs", user("owner"));
    expect(page).toMatchObject({ status: 303 });
    expect(page.headers.get("location")).toBe("/sign-in?problem=PROXY_USER_REFUSED");
  });

  test("of a disabled user is refused from the next request on", async () => {
    const otto = (await users()).find(({ name }) => name === "otto");
    expect((await admin.api("PATCH", `/api/v1/users/${otto.id}`, { disabled: true })).status).toBe(200);
    expect((await ask("GET", "/api/v1/status", user("otto"))).body.code).toBe("USER_DISABLED");
    expect((await admin.api("PATCH", `/api/v1/users/${otto.id}`, { disabled: false })).status).toBe(200);
    expect((await ask("GET", "/api/v1/status", user("otto"))).status).toBe(200);
  });
});

test("from any other address the header is as if it were not there", async () => {
  const server = await startServer({ env: { ...MODE, UNSTUCK_TRUSTED_PROXIES: ELSEWHERE } });
  const admin = await firstAdmin(server);
  const ask = through(server);
  for (const more of [{}, { "x-forwarded-for": ELSEWHERE }, { forwarded: `for=${ELSEWHERE}` }]) {
    expect((await ask("GET", "/api/v1/status", { ...user("ada"), ...more })).body.code).toBe("SIGNED_OUT");
    expect((await ask("GET", "/api/v1/session", { ...user("ada"), ...more })).body.me).toBeNull();
  }
  expect((await admin.api("GET", "/api/v1/session")).body.me).toMatchObject({ name: "ada" });
  expect((await admin.api("GET", "/api/v1/users")).body.items).toHaveLength(1);
  await cleanUp();
});

test("with groups the role follows them at each request, and the last admin's does not fall", async () => {
  const groups = {
    UNSTUCK_TRUSTED_HEADER_GROUPS: "X-Remote-Groups",
    UNSTUCK_TRUSTED_HEADER_ROLES: "admin=ops-admins,operator=ops",
  };
  const server = await startServer({
    env: { ...MODE, ...groups, UNSTUCK_TRUSTED_PROXIES: `${HERE},10.0.0.0/8` },
  });
  const ask = through(server);
  const as = async (name: string, list: string) =>
    (await ask("GET", "/api/v1/session", { ...user(name), "x-remote-groups": list })).body.me?.role ?? null;
  // The first user is an admin, and the printed link is used up by that.
  expect(await as("otto", "ops")).toBeNull();
  expect(await as("ada", "staff, ops-admins")).toBe("admin");
  expect((await ask("GET", "/api/v1/session", {})).body.setUp).toBe(false);
  expect(await as("otto", "ops")).toBe("operator");
  expect(await as("otto", "ops,ops-admins")).toBe("admin");
  expect(await as("otto", "ops")).toBe("operator");
  const denied = await ask("GET", "/api/v1/status", { ...user("otto"), "x-remote-groups": "sales" });
  expect(denied).toMatchObject({ status: 403, body: { code: "PROXY_USER_REFUSED" } });
  expect((await ask("GET", "/api/v1/status", user("otto"))).body.code).toBe("PROXY_USER_REFUSED");
  const last = await ask("GET", "/api/v1/status", { ...user("ada"), "x-remote-groups": "ops" });
  expect(last).toMatchObject({ status: 409, body: { code: "LAST_ADMIN" } });
  expect(await as("ada", "ops-admins")).toBe("admin");
  const { body } = await server.api("GET", "/api/v1/audit?action=user.role_from_proxy");
  expect(body.items.map(({ details }: Answer) => `${details.before} to ${details.after}`)).toEqual([
    "admin to operator",
    "operator to admin",
  ]);
  await cleanUp();
});

test("it is refused at the start where anyone could send the header", async () => {
  const server = await startServer({ env: MODE, ready: false });
  const health = await request(server.origin, "GET", "/health");
  expect(health.status).toBe(503);
  expect(JSON.stringify(health.body)).toMatch(
    /UNSTUCK_TRUSTED_PROXIES: expected the addresses of the proxies/,
  );
  await cleanUp();
});

/** Headers as they stand, which Node's client would put together. */
function raw(server: TestServer, path: string, lines: readonly string[]): Promise<string> {
  const { host, port } = new URL(server.origin);
  const text = ["GET", path, "HTTP/1.1"].join(" ");
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(Number(port), HERE, () =>
      socket.write([text, `Host: ${host}`, "Connection: close", ...lines, "", ""].join("\r\n")),
    );
    socket.on("data", (chunk) => (answer += chunk.toString()));
    socket.on("error", reject);
    socket.on("close", () => resolve(answer));
  });
}
