import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ended, enter, me, serverAt, untilBack } from "../at-provider";
import { browser } from "../browser";
import { firstAdmin, newPerson, PASSWORD, type Person, person, signIn } from "../people";
import { type AtProvider, CLIENT, type RealProvider, realProvider } from "../real-provider";
import { type Answer, cleanUp, type TestServer } from "../server";

let provider: RealProvider;
let server: TestServer;
let admin: Person;
beforeAll(async () => {
  provider = await realProvider("userinfo");
  server = await serverAt(provider.issuer, { UNSTUCK_OIDC_NAME: "Example" });
  provider.serve(server.origin);
  admin = await firstAdmin(server);
});
afterEach(() => {
  provider.next = null;
});
afterAll(async () => {
  await provider.close();
  await cleanUp();
});

const as = async (next: NonNullable<AtProvider>, one = browser()) => {
  provider.next = next;
  expect(await enter(server, one)).toBe("/jobs");
  return one;
};
const userOf = async (name: string): Promise<Answer> => {
  const { body } = await admin.api("GET", "/api/v1/users");
  return body.items.find((user: Answer) => user.name === name);
};
const newest = async (query: string): Promise<Answer> =>
  (await admin.api("GET", `/api/v1/audit?${query}`)).body.items[0];

test("someone it knows becomes a user with the role of their groups, which stand in userinfo alone", async () => {
  expect((await admin.api("GET", "/api/v1/session")).body.oidc).toEqual({ name: "Example" });
  const one = await as({ sub: "u-1", name: "Grace Hopper", groups: ["dev", "sales"] });
  const answer = await me(server, one);
  expect(answer).toMatchObject({
    name: "Grace.Hopper",
    role: "operator",
    via: "session",
    mustChange: false,
  });
  expect(await userOf("Grace.Hopper")).toMatchObject({ role: "operator", hasPassword: false });
  expect(await newest("action=user.created&actor=Grace.Hopper")).toMatchObject({
    details: { issuer: provider.issuer, subject: "u-1" },
    via: "session",
    address: "127.0.0.1",
  });
  // It has no password to sign in with.
  expect(await signIn(person(server), "Grace.Hopper", "")).toMatchObject({ status: 400 });
  expect(await signIn(person(server), "Grace.Hopper", PASSWORD)).toMatchObject({ status: 401 });
  const sessions = JSON.parse((await one.get(`${server.origin}/api/v1/account/sessions`)).body).items;
  const { createdAt, endsAt } = sessions[0];
  expect(Date.parse(endsAt) - Date.parse(createdAt)).toBe(86_400_000);
});

test("the role rises and falls with the groups, and the sessions of before end", async () => {
  const one = await as({ sub: "u-2", groups: ["staff"] });
  const before = await me(server, one);
  expect(before.role).toBe("viewer");
  const other = await as({ sub: "u-2", groups: ["ops-admins"] });
  expect(await me(server, other)).toMatchObject({ role: "admin", user: before.user });
  expect(await me(server, one)).toBeNull();
  await as({ sub: "u-2", groups: ["dev"] }, other);
  expect(await me(server, other)).toMatchObject({ role: "operator", user: before.user });
  expect(await newest("action=user.role_from_provider")).toMatchObject({
    details: { user: "u-2", before: "admin", after: "operator" },
  });
});

test("without a group that has a role no one gets in, and no user is made", async () => {
  for (const groups of [[], ["sales"], undefined]) {
    const one = browser();
    provider.next = { sub: "u-3", ...(groups && { groups }) };
    expect(await enter(server, one)).toBe("/sign-in?problem=OIDC_NO_ROLE&next=%2Fjobs");
    expect(await me(server, one)).toBeNull();
  }
  expect(await userOf("u-3")).toBeUndefined();
  expect(await newest("action=session.refused&outcome=refused")).toMatchObject({
    actor: "unknown",
    details: { why: "no role", subject: "u-3" },
  });
});

test("a name that is another user's is not taken over", async () => {
  await newPerson(server, admin, { name: "Linus", role: "operator" });
  const one = await as({ sub: "u-4", name: "linus", groups: ["staff"] });
  expect(await me(server, one)).toMatchObject({ name: "linus2", role: "viewer" });
});

test("a disabled user is refused, and an admin's other ways to end it work as with any user", async () => {
  const one = await as({ sub: "u-10", groups: ["staff"] });
  const { user } = await me(server, one);
  expect((await admin.api("PATCH", `/api/v1/users/${user}`, { disabled: true })).status).toBe(200);
  expect(await me(server, one)).toBeNull();
  expect(await enter(server, one)).toMatch(/^\/sign-in\?problem=USER_DISABLED/);
  expect((await admin.api("DELETE", `/api/v1/users/${user}`)).status).toBe(204);
  // The identity has gone with the user.
  await as({ sub: "u-10", groups: ["staff"] }, one);
  expect((await me(server, one)).user).not.toBe(user);
});

test("no one is sent to another site", async () => {
  provider.next = { sub: "u-9", groups: ["staff"] };
  for (const next of ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example"])
    expect(await enter(server, browser(), next), next).toBe("/");
  expect(await enter(server, browser(), "/runs?q=a%20b")).toBe("/runs?q=a%20b");
});

test("no code, token or secret is in the log, the audit or the database", async () => {
  provider.next = { sub: "u-13", groups: ["staff"] };
  const one = browser();
  const back = await untilBack(server, one);
  await ended(one, back);
  const code = back.searchParams.get("code") ?? "";
  const state = back.searchParams.get("state") ?? "";
  const files = readdirSync(server.dataDir).filter((name) => name.startsWith("unstuck.db"));
  const bytes = files.map((name) => readFileSync(join(server.dataDir, name), "latin1")).join("");
  const { body: audit } = await admin.api("GET", "/api/v1/audit/export?format=csv");
  expect(audit).toContain("u-13");
  for (const [where, text] of Object.entries({ log: server.output(), bytes, audit: String(audit) }))
    for (const secret of [code, state, CLIENT.secret]) expect(text.includes(secret), where).toBe(false);
});
