import { type AddressInfo, createServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { enter, me, serverAt } from "../at-provider";
import { browser } from "../browser";
import { CLIENT_SECRET, fakeProvider } from "../fake-provider";
import { firstAdmin, person, signIn } from "../people";
import { realProvider } from "../real-provider";
import { cleanUp, request, startServer } from "../server";
import { until } from "../until";

afterEach(cleanUp);

test("groups of the ID token count too, the first user is an admin, and the printed link is used up by that", async () => {
  const provider = await realProvider("ID token", { token_endpoint_auth_method: "client_secret_post" });
  const server = await serverAt(provider.issuer);
  provider.serve(server.origin);
  provider.next = { sub: "early", groups: ["staff"] };
  expect(await enter(server, browser())).toMatch(/^\/sign-in\?problem=NO_ADMIN_YET/);
  provider.next = { sub: "first", groups: ["ops-admins"] };
  const one = browser();
  expect(await enter(server, one)).toBe("/jobs");
  expect(await me(server, one)).toMatchObject({ name: "first", role: "admin" });
  expect((await person(server).api("GET", "/api/v1/session")).body.setUp).toBe(false);
  // The only admin does not fall: the old role stays, and no session is opened.
  provider.next = { sub: "first", groups: ["staff"] };
  const again = browser();
  expect(await enter(server, again)).toMatch(/^\/sign-in\?problem=LAST_ADMIN/);
  expect(await me(server, again)).toBeNull();
  expect(await me(server, one)).toMatchObject({ role: "admin" });
  await provider.close();
});

test("a provider that takes the connection and never answers keeps no one else waiting", async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const server = await serverAt(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
  await firstAdmin(server);
  const begun = performance.now();
  let answeredAfterMs: number | null = null;
  const waiting = enter(server, browser()).finally(() => {
    answeredAfterMs = performance.now() - begun;
  });
  expect((await person(server).api("GET", "/api/v1/session")).status).toBe(200);
  expect(answeredAfterMs).toBeNull();
  expect((await signIn(person(server), "ada")).status).toBe(200);
  expect(await waiting).toBe("/sign-in?problem=OIDC_UNREACHABLE&next=%2Fjobs");
  expect(answeredAfterMs).toBeGreaterThan(4_000);
  silent.close();
});

test("a provider that calls itself something else is not signed in at, until it is right", async () => {
  const provider = await fakeProvider();
  const server = await serverAt(provider.origin);
  provider.how.metadata = { issuer: "https://evil.example" };
  expect(await enter(server, browser())).toMatch(/^\/sign-in\?problem=OIDC_ISSUER_WRONG/);
  provider.how.metadata = {};
  const { headers } = await browser().get(`${server.origin}/api/v1/oidc/start`);
  expect(headers.get("location")).toContain(`${provider.origin}/authorize?`);
  await provider.close();
});

test("without a provider there is none to sign in at, and a wrong setting is reported at the start", async () => {
  const server = await startServer({ env: { UNSTUCK_AUTH: "" } });
  expect((await person(server).api("GET", "/api/v1/session")).body.oidc).toBeNull();
  for (const path of ["start", "callback?state=x&code=y"]) {
    const { headers } = await browser().get(`${server.origin}/api/v1/oidc/${path}`);
    expect(headers.get("location")).toBe("/sign-in?problem=OIDC_OFF");
  }
  const wrong = { UNSTUCK_OIDC_ISSUER: "http://login.example.org", UNSTUCK_OIDC_ROLES: "boss=ops" };
  const failed = await startServer({ env: { UNSTUCK_AUTH: "", ...wrong }, ready: false });
  const output = await until("it says why", () =>
    failed.output().includes("boot.failed") ? failed.output() : null,
  );
  expect(output).toMatch(/UNSTUCK_OIDC_ISSUER: expected an https address/);
  expect(output).toMatch(/UNSTUCK_OIDC_CLIENT_ID: expected/);
  expect(output).toMatch(/UNSTUCK_OIDC_ROLES: expected viewer, operator, admin/);
});

test("behind a proxy that speaks TLS the cookies are of this host alone, and the provider knows the public address", async () => {
  const provider = await fakeProvider();
  provider.how.claims = { groups: ["ops-admins"], preferred_username: "ada" };
  const server = await serverAt(provider.origin, {
    UNSTUCK_OIDC_CLIENT_SECRET: CLIENT_SECRET,
    UNSTUCK_PUBLIC_URL: "https://unstuck.example.org",
    UNSTUCK_HOSTS: "unstuck.example.org",
    UNSTUCK_TRUSTED_PROXIES: "127.0.0.1",
  });
  const there = {
    host: "unstuck.example.org",
    "x-forwarded-proto": "https",
    "x-forwarded-for": "198.51.100.4",
  };
  const ask = (path: string, more: Record<string, string> = {}) =>
    request(server.origin, "GET", path, undefined, { ...there, ...more });
  const started = await ask("/api/v1/oidc/start?next=/jobs");
  const [line = ""] = started.headers.getSetCookie();
  expect(line).toMatch(
    /^__Host-unstuck-oidc-[0-9a-f]{8}=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600; Secure$/,
  );
  const address = started.headers.get("location") ?? "";
  expect(new URL(address).searchParams.get("redirect_uri")).toBe(
    "https://unstuck.example.org/api/v1/oidc/callback",
  );
  const [cookie = ""] = line.split(";");
  const back = await ask(`/api/v1/oidc/callback?${provider.authorize(address)}`, { cookie });
  expect(back.headers.get("location")).toBe("/jobs");
  expect(back.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^__Host-unstuck-oidc-[0-9a-f]{8}=; Path=\/; .*Max-Age=0; Secure$/),
    expect.stringMatching(
      /^__Host-unstuck-[0-9a-f]{8}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; .*; Secure$/,
    ),
  ]);
  // Under another name, as on the host itself, the browser is sent to the public address first.
  const elsewhere = await request(server.origin, "GET", "/api/v1/oidc/start");
  expect(elsewhere.headers.get("location")).toBe("https://unstuck.example.org/api/v1/oidc/start?here=1");
  await provider.close();
});
