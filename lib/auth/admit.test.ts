import { describe, expect, test } from "vitest";
import { FULL_ACCESS } from "@/lib/domain/access";
import type { AskedFor } from "@/lib/slot.mjs";
import { aDoor, CLIENT, COOKIE, GOOD, withRole } from "@/test/a-door";
import { anIdentity } from "@/test/accounts";

describe("who has not signed in", () => {
  const { ask, refused } = aDoor();

  test("gets what is public", async () => {
    for (const url of ["/sign-in", "/set-up", "/api/v1/session", "/health", "/_next/static/chunks/app.js"])
      expect(await ask("GET", url), url).toBe("anyone");
    expect(await ask("POST", "/api/v1/session")).toBe("anyone");
  });

  test("is told by the API how to sign in", async () => {
    const { admit } = aDoor();
    const answer = await admit({
      method: "GET",
      url: "/api/v1/jobs",
      headers: {},
      peer: "1.2.3.4",
      byOwner: false,
    });
    if (!("refusal" in answer)) return expect.fail("It was let in.");
    expect(answer.refusal.status).toBe(401);
    expect(answer.refusal.headers.get("www-authenticate")).toBe("Bearer");
    const problem = await answer.refusal.json();
    expect(problem).toMatchObject({ code: "SIGNED_OUT", detail: expect.stringContaining("/sign-in") });
  });

  test("is told the same of what there is and what there is not, and leaves no row in the audit", async () => {
    for (const url of [
      "/api/v1/jobs/shop",
      "/api/v1/jobs/none",
      "/api/v1/nothing",
      "/demo",
      "/api/v1/x/../users",
    ])
      expect(await ask("GET", url), url).toBe("SIGNED_OUT");
    expect(refused).toEqual([]);
  });

  test("is noted when it is the API that was asked, without what stands behind a question mark", async () => {
    const one = aDoor();
    await one.ask("POST", "/api/v1/jobs/shop/start?token=s3cret", {});
    await one.ask("GET", "/jobs", {});
    await one.ask("GET", "/health", {});
    expect(one.calls).toEqual([`POST /api/v1/jobs/shop/start from ${CLIENT.address}`]);
  });

  test.each([
    ["/jobs", "/jobs"],
    ["/", "/"],
    ["/jobs?q=a%20b&_rsc=1x2y3", "/jobs?q=a+b"],
    ["/jobs?_rsc=1x2y3", "/jobs"],
  ])("is sent from %s to the page for it, and back to %s", async (url, next) => {
    expect(await ask("GET", url)).toBe(`to /sign-in?next=${encodeURIComponent(next)}`);
  });

  test("is sent to set up while there is no user", async () => {
    const first = aDoor({ hasUsers: () => false });
    expect(await first.ask("GET", "/jobs")).toBe("to /set-up");
    expect(await first.ask("GET", "/api/v1/jobs")).toBe("SIGNED_OUT");
  });

  test("is never sent to another host", async () => {
    for (const url of ["//evil.example/x", "/\\evil.example", "http://evil.example/x", "///evil.example"]) {
      const answer = await ask("GET", url);
      const next = new URLSearchParams(answer.split("?")[1]).get("next") ?? "";
      expect(new URL(next, "http://localhost").origin, url).toBe("http://localhost");
    }
  });
});

describe("by what is asked", () => {
  const session = withRole("admin");
  const token = anIdentity({ name: "robot", via: "token", access: { role: "viewer", grants: [] } });

  test("a token beats a session beside it, also when it may do less, or is not good", async () => {
    const { ask } = aDoor({ session, token });
    expect(await ask("GET", "/api/v1/status", { ...COOKIE, ...GOOD })).toBe("robot");
    expect(await ask("GET", "/api/v1/users", { ...COOKIE, ...GOOD })).toBe("NOT_ALLOWED");
    expect(await ask("GET", "/api/v1/status", { ...COOKIE, authorization: "bearer bad" })).toBe("SIGNED_OUT");
    expect(await ask("GET", "/api/v1/status", { ...COOKIE, authorization: "Bearer" })).toBe("SIGNED_OUT");
  });

  test("another scheme is a proxy's matter, and changes nothing", async () => {
    const { ask } = aDoor({ session, token });
    for (const authorization of ["Basic Z29vZA==", "Basic good", "Negotiate good", "Bearerx good"]) {
      expect(await ask("GET", "/api/v1/users", { ...COOKIE, authorization })).toBe("anna");
      expect(await ask("GET", "/api/v1/users", { authorization })).toBe("SIGNED_OUT");
    }
  });

  test("a token needs no page that sent it", async () => {
    const robot = aDoor({ token: { ...token, access: FULL_ACCESS } });
    expect(await robot.ask("POST", "/api/v1/stop-all", GOOD)).toBe("robot");
  });

  test("a session changes something only for a page of ours", async () => {
    const { ask } = aDoor({ session });
    const cookie = "session";
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      expect(await ask(method, "/api/v1/jobs/shop", { cookie }), method).toBe("FOREIGN_ORIGIN");
      expect(await ask(method, "/api/v1/jobs/shop", { cookie, "sec-fetch-site": "none" })).toBe(
        "FOREIGN_ORIGIN",
      );
      expect(await ask(method, "/api/v1/jobs/shop", { cookie, origin: "http://localhost:3000" })).toBe(
        "anna",
      );
      expect(await ask(method, "/api/v1/jobs/shop", { cookie, "sec-fetch-site": "same-origin" })).toBe(
        "anna",
      );
    }
    for (const method of ["GET", "HEAD", "OPTIONS"])
      expect(await ask(method, "/api/v1/jobs/shop", { cookie }), method).toBe("anna");
    // Also where anyone may: signing in as someone else would be a change too.
    expect(await ask("POST", "/api/v1/session", { cookie })).toBe("FOREIGN_ORIGIN");
    expect(await ask("DELETE", "/api/v1/session", { cookie })).toBe("FOREIGN_ORIGIN");
  });

  test("a cookie that is no session is no reason to refuse what anyone may do", async () => {
    expect(await aDoor().ask("POST", "/api/v1/session", { cookie: "left over" })).toBe("anyone");
  });

  test("the socket is the owner's, whatever else comes through it", async () => {
    const { admit, ask } = aDoor({ session: withRole("viewer"), token });
    expect(await ask("POST", "/api/v1/users", { ...COOKIE, ...GOOD }, true)).toBe("owner");
    const answer = await admit({
      method: "GET",
      url: "/api/v1/users",
      headers: {},
      peer: undefined,
      byOwner: true,
    });
    expect(answer).toMatchObject({ as: { who: { via: "socket" }, client: { address: null } } });
  });

  test("where accounts are off everyone may do everything, and no session or token is asked for", async () => {
    const { ask } = aDoor({ open: true, hasUsers: () => false });
    expect(await ask("POST", "/api/v1/users", {})).toBe("operator");
    expect(await ask("GET", "/users", {})).toBe("operator");
  });

  test("what is let in carries who asks and from where", async () => {
    const { admit } = aDoor({ session });
    const asked = { method: "GET", url: "/", headers: COOKIE, peer: CLIENT.address, byOwner: false };
    expect(await admit(asked)).toEqual({ as: { who: session, client: CLIENT }, secure: false });
  });

  test("whether it came by TLS is said with every answer", async () => {
    const clientOf = () => ({ address: CLIENT.address, secure: true });
    const { admit } = aDoor({ session, clientOf });
    const ask = async (method: string, url: string, headers: AskedFor["headers"] = COOKIE) =>
      admit({ method, url, headers, peer: CLIENT.address, byOwner: false });
    const answers = [
      ask("GET", "/"),
      ask("GET", "/", {}),
      ask("GET", "/api/v1/jobs", {}),
      ask("GET", "/sign-in", {}),
    ];
    for (const answer of await Promise.all(answers)) expect(answer.secure).toBe(true);
    expect(await ask("POST", "/api/v1/jobs", { cookie: "session" })).toMatchObject({
      refusal: {},
      secure: true,
    });
  });
});

describe("a user whose password was set by someone else", () => {
  const session = anIdentity({ name: "anna", mustChange: true });
  const { ask, refused } = aDoor({ session });

  test("may change it, and look at the account", async () => {
    for (const [method, url] of [
      ["GET", "/account"],
      ["GET", "/account?x=1"],
      ["GET", "/api/v1/account"],
      ["PUT", "/api/v1/account/password"],
      ["GET", "/api/v1/account/sessions"],
      ["DELETE", "/api/v1/session"],
      ["GET", "/sign-in"],
    ] as const)
      expect(await ask(method, url), url).toBe("anna");
  });

  test("and nothing else", async () => {
    for (const url of ["/api/v1/status", "/api/v1/users", "/api/v1/accounts", "/api/v1/account/../users"])
      expect(await ask("GET", url), url).toBe("PASSWORD_CHANGE_NEEDED");
    for (const url of [
      "/",
      "/users",
      "/accounts",
      "/account/../users",
      "/account%2F..%2Fusers",
      "/not-allowed",
    ])
      expect(await ask("GET", url), url).toBe("to /account");
    expect(refused).toEqual([]);
  });
});
