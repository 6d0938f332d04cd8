import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { confirmSignOut, enter, me, serverAt, signOutHere } from "../at-provider";
import { type Browser, browser } from "../browser";
import { inDatabase } from "../doctored";
import { CLIENT_SECRET, fakeProvider } from "../fake-provider";
import { firstAdmin } from "../people";
import { providerForTests } from "../provider-for-tests";
import { realProvider } from "../real-provider";
import { until } from "../until";

const { its, as, newest } = providerForTests();
const STAFF = { sub: "u-1", name: "grace", groups: ["staff"] };

const signedOutUrl = () => `${its.server.origin}/api/v1/oidc/signed-out`;
const hintOf = (address: string | null) => new URL(address ?? "").searchParams.get("id_token_hint");
/** Which hints the database has, as they lie there. */
const hints = () =>
  inDatabase(its.server.dataDir, (db) =>
    db.prepare('SELECT "signOutHint" FROM "Session" WHERE "signOutHint" IS NOT NULL').all(),
  );

/** The page "Sign in" that an answer of ours leads to. */
async function leadsTo(one: Browser, address: string | URL): Promise<string | null> {
  return (await one.get(address)).headers.get("location");
}

test("signing out ends the session here, then leads to the provider and back, and who signs in again has to say who they are", async () => {
  const one = await as(STAFF);
  const before = its.provider.askedCount;
  // As long as they are signed in there, no one is asked.
  await as(STAFF, one);
  expect(its.provider.askedCount).toBe(before);
  const address = (await signOutHere(its.server, one)) ?? expect.fail("It ended here.");
  expect(await me(its.server, one)).toBeNull();
  expect(await newest("action=session.closed")).toMatchObject({ actor: "grace" });
  const { origin, searchParams } = new URL(address);
  expect(origin).toBe(its.provider.issuer);
  expect(searchParams.get("post_logout_redirect_uri")).toBe(signedOutUrl());
  const back = await confirmSignOut(one, address);
  expect(back).toBe(`${signedOutUrl()}?state=${searchParams.get("state")}`);
  expect(await leadsTo(one, back)).toBe("/sign-in?signedOut=sign-out");
  const { body } = await one.get(`${its.server.origin}/sign-in?signedOut=sign-out`);
  expect(body).toContain("Example was asked to sign you out there too");
  await as(STAFF, one);
  expect(its.provider.askedCount).toBe(before + 1);
});

test("only the browser that was sent away comes back from there, with its own state and once", async () => {
  const one = await as(STAFF);
  const { searchParams } = new URL((await signOutHere(its.server, one)) ?? "");
  const back = `${signedOutUrl()}?state=${searchParams.get("state")}`;
  for (const [who, address] of [
    [browser(), back],
    [one, signedOutUrl()],
    [one, `${signedOutUrl()}?state=`],
    [one, `${signedOutUrl()}?state=${"x".repeat(43)}`],
    [one, `${signedOutUrl()}?state=https://evil.example`],
  ] as const)
    expect(await leadsTo(who, address), address).toBe("/sign-in");
  expect(await leadsTo(one, `${back}&next=https://evil.example&goTo=//evil.example`)).toMatch(/signedOut/);
  expect(await leadsTo(one, back)).toBe("/sign-in");
});

test("another site can neither sign anyone out nor have them sent anywhere", async () => {
  const one = await as(STAFF);
  const url = `${its.server.origin}/api/v1/session`;
  const cookie = one.cookies(url);
  for (const headers of [{ cookie }, { cookie, origin: "https://evil.example" }]) {
    const { status } = await fetch(url, { method: "DELETE", headers });
    expect(status).toBe(403);
  }
  expect((await one.get(signedOutUrl())).headers.get("location")).toBe("/sign-in");
  expect(await me(its.server, one)).toMatchObject({ name: "grace" });
});

test("the ID token lies sealed with the session, is sealed again when the key is replaced, and goes with it", async () => {
  const one = await as({ sub: "u-sealed", name: "mary", groups: ["staff"] });
  const count = hints().length;
  const before = JSON.stringify(hints());
  expect(before).toMatch(/"v1\.[0-9a-f]{8}\./);
  expect((await its.admin.api("POST", "/api/v1/secret-key/rotate")).status).toBe(200);
  expect(JSON.stringify(hints()).slice(0, 30)).not.toBe(before.slice(0, 30));
  const token = hintOf(await signOutHere(its.server, one)) ?? expect.fail("no ID token");
  expect(JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString())).toMatchObject({
    sub: "u-sealed",
    iss: its.provider.issuer,
  });
  expect(hints()).toHaveLength(count - 1);
  const files = readdirSync(its.server.dataDir).filter((name) => name.startsWith("unstuck.db"));
  const bytes = files.map((name) => readFileSync(join(its.server.dataDir, name), "latin1")).join("");
  const { body: audit } = await its.admin.api("GET", "/api/v1/audit/export?format=csv");
  for (const [where, text] of Object.entries({ bytes, audit: String(audit), log: its.server.output() }))
    expect(text.includes(token), where).toBe(false);
});

test("who has signed in with a password is signed out here alone", async () => {
  expect((await its.admin.copied().api("DELETE", "/api/v1/session")).status).toBe(204);
});

test("where it is switched off, no ID token is kept and the provider is left alone", async () => {
  const provider = await realProvider("ID token");
  const server = await serverAt(provider.issuer, { UNSTUCK_OIDC_SIGN_OUT: "local" });
  provider.serve(server.origin);
  provider.next = { sub: "first", groups: ["ops-admins"] };
  const one = browser();
  expect(await enter(server, one)).toBe("/jobs");
  const kept = inDatabase(server.dataDir, (db) => db.prepare('SELECT "signOutHint" FROM "Session"').all());
  expect(kept).toEqual([{ signOutHint: null }]);
  expect(await signOutHere(server, one)).toBeNull();
  expect(await me(server, one)).toBeNull();
  await provider.close();
});

test("a provider that does not know where to send people back to keeps them, and the session here is over all the same", async () => {
  const provider = await realProvider("ID token", { post_logout_redirect_uris: [] });
  const server = await serverAt(provider.issuer);
  provider.serve(server.origin);
  provider.next = { sub: "first", groups: ["ops-admins"] };
  const one = browser();
  await enter(server, one);
  const refused = await one.get((await signOutHere(server, one)) ?? "");
  expect(refused.status).toBe(400);
  expect(refused.body).toContain("post_logout_redirect_uri not registered");
  expect(await me(server, one)).toBeNull();
  await provider.close();
});

test("a provider that is down, or has no way to sign out, ends nothing, and the page says so", async () => {
  const provider = await fakeProvider();
  provider.how.claims = { groups: ["staff"], preferred_username: "ada" };
  const server = await serverAt(provider.origin, { UNSTUCK_OIDC_CLIENT_SECRET: CLIENT_SECRET });
  await firstAdmin(server, "root");
  const opened = async () => {
    const one = browser();
    const { headers } = await one.get(`${server.origin}/api/v1/oidc/start`);
    const answer = provider.authorize(headers.get("location") ?? "");
    expect(await leadsTo(one, `${server.origin}/api/v1/oidc/callback?${answer}`)).toBe("/");
    return one;
  };
  const one = await opened();
  expect(await signOutHere(server, one)).toBe("/sign-in?signedOut=nothing");
  expect(await me(server, one)).toBeNull();
  const other = await opened();
  provider.how.silentAt = "/.well-known/openid-configuration";
  const begun = performance.now();
  let isOver = false;
  const signingOut = signOutHere(server, other).finally(() => (isOver = true));
  // At once, while the provider still has time to answer.
  await until("the session is over", async () => (await me(server, other)) === null);
  expect(isOver).toBe(false);
  expect(await signingOut).toBe("/sign-in?signedOut=unknown");
  expect(performance.now() - begun).toBeLessThan(4_500);
  expect(server.output()).toContain("oidc.failed");
  await provider.close();
});
