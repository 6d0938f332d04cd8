import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { firstAdmin, PASSWORD, person, setUpCode } from "../people";
import { cleanUp, request, startServer } from "../server";

const ACCOUNTS = { UNSTUCK_AUTH: "" };
const SIGNED_OUT = { status: 401, body: { code: "SIGNED_OUT" } };

describe("the first start", () => {
  afterAll(cleanUp);

  test("without an account nothing is told but that one has to be made, and the printed code makes it once", async () => {
    const server = await startServer({ env: ACCOUNTS, first: true });
    for (const path of ["/api/v1/status", "/api/v1/jobs", "/api/v1/doctor", "/api/v1/nothing"])
      expect(await request(server.origin, "GET", path)).toMatchObject(SIGNED_OUT);
    expect((await request(server.origin, "GET", "/health")).status).toBe(200);
    const page = await request(server.origin, "GET", "/jobs");
    expect(page).toMatchObject({ status: 303 });
    expect(page.headers.get("location")).toBe("/set-up");
    const stranger = person(server);
    expect((await stranger.api("GET", "/api/v1/session")).body).toMatchObject({ me: null, setUp: true });
    const guess = { code: "x".repeat(43), name: "eve", password: PASSWORD };
    expect(await stranger.api("POST", "/api/v1/set-up", guess)).toMatchObject({
      status: 403,
      body: { code: "SET_UP_CODE_WRONG" },
    });
    const code = setUpCode(server);
    const file = join(server.dataDir, "_set-up-code");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(server.dataDir, "_secret-key")).mode & 0o777).toBe(0o600);
    const weak = await stranger.api("POST", "/api/v1/set-up", { code, name: "ada", password: "short" });
    expect(weak).toMatchObject({ status: 422, body: { code: "PASSWORD_REFUSED" } });
    // Two at the same moment make one.
    const [one, two] = [person(server), person(server)];
    const both = await Promise.all(
      [one, two].map((each, at) =>
        each.api("POST", "/api/v1/set-up", { code, name: `admin${at}`, password: PASSWORD }),
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(existsSync(file)).toBe(false);
    const admin = both[0]?.status === 201 ? one : two;
    expect((await admin.api("GET", "/api/v1/users")).body.items).toHaveLength(1);
    expect((await admin.api("GET", "/api/v1/session")).body).toMatchObject({
      me: { role: "admin" },
      setUp: false,
    });
    expect((await request(server.origin, "GET", "/jobs")).headers.get("location")).toBe(
      "/sign-in?next=%2Fjobs",
    );
    // The session outlives a kill -9, and the link is not printed any more.
    await server.kill();
    const again = await startServer({
      dataDir: server.dataDir,
      port: Number(new URL(server.origin).port),
      env: ACCOUNTS,
    });
    expect((await admin.api("GET", "/api/v1/status")).status).toBe(200);
    expect(again.output()).not.toContain("/set-up#");
  });

  test("the link of an earlier start still works", async () => {
    const server = await startServer({ env: ACCOUNTS });
    const code = setUpCode(server);
    await server.kill();
    const again = await startServer({ dataDir: server.dataDir, env: ACCOUNTS });
    expect(setUpCode(again)).toBe(code);
    await firstAdmin(again);
  });
});

describe("in front of it", () => {
  afterAll(cleanUp);

  test("a proxy with TLS that is trusted makes the cookie one of this host and of TLS alone, and one that is not changes nothing", async () => {
    const trusting = await startServer({ env: { ...ACCOUNTS, UNSTUCK_TRUSTED_PROXIES: "127.0.0.1" } });
    const headers = { "x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.9" };
    const body = { code: setUpCode(trusting), name: "ada", password: PASSWORD };
    const made = await request(trusting.origin, "POST", "/api/v1/set-up", body, headers);
    const [cookie = ""] = made.headers.getSetCookie();
    expect(cookie).toMatch(
      /^__Host-unstuck-[0-9a-f]{8}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure$/,
    );
    expect(made.headers.get("strict-transport-security")).toBe("max-age=31536000");
    const pair = cookie.split(";")[0] ?? "";
    const sessions = await request(trusting.origin, "GET", "/api/v1/account/sessions", undefined, {
      ...headers,
      cookie: pair,
    });
    expect(sessions.body.items).toMatchObject([{ address: "203.0.113.9", current: true }]);
    // By plain HTTP it is no session: it was made for TLS.
    expect(
      (await request(trusting.origin, "GET", "/api/v1/status", undefined, { cookie: pair })).status,
    ).toBe(401);
    const plain = await startServer({ env: ACCOUNTS });
    const there = { code: setUpCode(plain), name: "ada", password: PASSWORD };
    const other = await request(plain.origin, "POST", "/api/v1/set-up", there, headers);
    const [plainCookie = ""] = other.headers.getSetCookie();
    expect(plainCookie).toMatch(/^unstuck-[0-9a-f]{8}=/);
    expect(plainCookie).not.toContain("Secure");
    expect(other.headers.get("strict-transport-security")).toBeNull();
    // Two dashboards of one host do not sign each other out: a browser keeps a cookie of each.
    expect(plainCookie.split("=")[0]).not.toBe(cookie.split("=")[0]?.replace("__Host-", ""));
  });
});

test("accounts can be switched off on this machine alone", async () => {
  const server = await startServer({ env: { UNSTUCK_AUTH: "off" } });
  expect((await request(server.origin, "GET", "/api/v1/status")).status).toBe(200);
  expect((await request(server.origin, "GET", "/api/v1/session")).body).toMatchObject({
    me: { via: "open" },
    setUp: false,
  });
  await cleanUp();
});
