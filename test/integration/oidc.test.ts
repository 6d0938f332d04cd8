import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ended, enter, me, untilBack } from "../at-provider";
import { browser } from "../browser";
import { newPerson, PASSWORD, person, signIn } from "../people";
import { providerForTests } from "../provider-for-tests";
import { CLIENT } from "../real-provider";

const { its, as, userOf, newest } = providerForTests();

test("someone it knows becomes a user with the role of their groups, which stand in userinfo alone", async () => {
  expect((await its.admin.api("GET", "/api/v1/session")).body.oidc).toEqual({ name: "Example" });
  const one = await as({ sub: "u-1", name: "Grace Hopper", groups: ["dev", "sales"] });
  const answer = await me(its.server, one);
  expect(answer).toMatchObject({
    name: "Grace.Hopper",
    role: "operator",
    via: "session",
    mustChange: false,
  });
  expect(await userOf("Grace.Hopper")).toMatchObject({ role: "operator", hasPassword: false });
  expect(await newest("action=user.created&actor=Grace.Hopper")).toMatchObject({
    details: { issuer: its.provider.issuer, subject: "u-1" },
    via: "session",
    address: "127.0.0.1",
  });
  // It has no password to sign in with.
  expect(await signIn(person(its.server), "Grace.Hopper", "")).toMatchObject({ status: 400 });
  expect(await signIn(person(its.server), "Grace.Hopper", PASSWORD)).toMatchObject({ status: 401 });
  const sessions = JSON.parse((await one.get(`${its.server.origin}/api/v1/account/sessions`)).body).items;
  const { createdAt, endsAt } = sessions[0];
  expect(Date.parse(endsAt) - Date.parse(createdAt)).toBe(86_400_000);
});

test("the role rises and falls with the groups, and the sessions of before end", async () => {
  const one = await as({ sub: "u-2", groups: ["staff"] });
  const before = await me(its.server, one);
  expect(before.role).toBe("viewer");
  const other = await as({ sub: "u-2", groups: ["ops-admins"] });
  expect(await me(its.server, other)).toMatchObject({ role: "admin", user: before.user });
  expect(await me(its.server, one)).toBeNull();
  await as({ sub: "u-2", groups: ["dev"] }, other);
  expect(await me(its.server, other)).toMatchObject({ role: "operator", user: before.user });
  expect(await newest("action=user.role_from_provider")).toMatchObject({
    details: { user: "u-2", before: "admin", after: "operator" },
  });
});

test("without a group that has a role no one gets in, and no user is made", async () => {
  for (const groups of [[], ["sales"], undefined]) {
    const one = browser();
    its.provider.next = { sub: "u-3", ...(groups && { groups }) };
    expect(await enter(its.server, one)).toBe("/sign-in?problem=OIDC_NO_ROLE&next=%2Fjobs");
    expect(await me(its.server, one)).toBeNull();
  }
  expect(await userOf("u-3")).toBeUndefined();
  expect(await newest("action=session.refused&outcome=refused")).toMatchObject({
    actor: "unknown",
    details: { why: "no role", subject: "u-3" },
  });
});

test("a name that is another user's is not taken over", async () => {
  await newPerson(its.server, its.admin, { name: "Linus", role: "operator" });
  const one = await as({ sub: "u-4", name: "linus", groups: ["staff"] });
  expect(await me(its.server, one)).toMatchObject({ name: "linus2", role: "viewer" });
});

test("a disabled user is refused, and an admin's other ways to end it work as with any user", async () => {
  const one = await as({ sub: "u-10", groups: ["staff"] });
  const { user } = await me(its.server, one);
  expect((await its.admin.api("PATCH", `/api/v1/users/${user}`, { disabled: true })).status).toBe(200);
  expect(await me(its.server, one)).toBeNull();
  expect(await enter(its.server, one)).toMatch(/^\/sign-in\?problem=USER_DISABLED/);
  expect((await its.admin.api("DELETE", `/api/v1/users/${user}`)).status).toBe(204);
  // The identity has gone with the user.
  await as({ sub: "u-10", groups: ["staff"] }, one);
  expect((await me(its.server, one)).user).not.toBe(user);
});

test("no one is sent to another site", async () => {
  its.provider.next = { sub: "u-9", groups: ["staff"] };
  for (const next of ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example"])
    expect(await enter(its.server, browser(), next), next).toBe("/");
  expect(await enter(its.server, browser(), "/runs?q=a%20b")).toBe("/runs?q=a%20b");
});

test("no code, token or secret is in the log, the audit or the database", async () => {
  its.provider.next = { sub: "u-13", groups: ["staff"] };
  const one = browser();
  const back = await untilBack(its.server, one);
  await ended(one, back);
  const code = back.searchParams.get("code") ?? "";
  const state = back.searchParams.get("state") ?? "";
  const files = readdirSync(its.server.dataDir).filter((name) => name.startsWith("unstuck.db"));
  const bytes = files.map((name) => readFileSync(join(its.server.dataDir, name), "latin1")).join("");
  const { body: audit } = await its.admin.api("GET", "/api/v1/audit/export?format=csv");
  expect(audit).toContain("u-13");
  for (const [where, text] of Object.entries({ log: its.server.output(), bytes, audit: String(audit) }))
    for (const secret of [code, state, CLIENT.secret]) expect(text.includes(secret), where).toBe(false);
});
