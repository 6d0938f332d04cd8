import { expect, test } from "vitest";
import { ended, enter, followed, me, serverAt, withPassword } from "../at-provider";
import { type Browser, browser } from "../browser";
import { firstAdmin, newPerson, PASSWORD } from "../people";
import { providerForTests } from "../provider-for-tests";
import { realProvider } from "../real-provider";

const { its, as, userOf, newest } = providerForTests();

const identity = () => `${its.server.origin}/api/v1/account/identity`;

/** Where linking ends, with the password once more. */
async function linked(one: Browser): Promise<string> {
  const { body } = await one.send("POST", identity(), { password: PASSWORD });
  return followed(its.server, one, JSON.parse(body).url);
}

/** A user who has signed in with a password. */
async function withAccount(name: string): Promise<{ readonly id: string; readonly one: Browser }> {
  const { id } = await newPerson(its.server, its.admin, { name, role: "viewer" });
  const one = browser();
  await withPassword(its.server, one, name, PASSWORD);
  return { id, one };
}

test("a user links whom the provider knows, with the password, and signs in by it from then on", async () => {
  expect((await browser().send("POST", identity(), { password: PASSWORD })).status).toBe(401);
  const { id, one } = await withAccount("lea");
  const wrong = await one.send("POST", identity(), { password: "not the password" });
  expect(JSON.parse(wrong.body).code).toBe("PASSWORD_WRONG");
  its.provider.next = { sub: "u-11", groups: ["dev"] };
  expect(await linked(one)).toBe("/account");
  const account = async () => JSON.parse((await one.get(`${its.server.origin}/api/v1/account`)).body);
  expect(await account()).toMatchObject({
    name: "lea",
    role: "viewer",
    identity: { issuer: its.provider.issuer, lastAt: null },
  });
  expect(await newest("action=user.identity_linked")).toMatchObject({ actor: "lea", via: "session" });
  const other = await as({ sub: "u-11", name: "someone-else", groups: ["dev"] });
  expect(await me(its.server, other)).toMatchObject({ name: "lea", user: id, role: "operator" });
  // Without it she signs in with the password alone.
  await withPassword(its.server, one, "lea", PASSWORD);
  expect((await one.send("DELETE", identity(), { password: PASSWORD })).status).toBe(204);
  expect((await account()).identity).toBeNull();
  const stranger = await as({ sub: "u-11", name: "lea", groups: ["staff"] });
  expect(await me(its.server, stranger)).toMatchObject({ name: "lea2" });
});

test("what is one user's cannot be linked to another", async () => {
  its.provider.next = { sub: "u-14", groups: ["staff"] };
  await as({ sub: "u-14", groups: ["staff"] });
  const { id, one } = await withAccount("max");
  expect(await linked(one)).toBe("/account?problem=OIDC_LINKED_ALREADY");
  expect(await newest("action=user.identity_linked&actor=max")).toMatchObject({ outcome: "refused" });
  expect((await userOf("max")).id).toBe(id);
});

test("a link that another site makes someone follow links nothing, and neither does another user's session", async () => {
  const { one } = await withAccount("ida");
  expect((await one.get(identity())).status).toBe(405);
  its.provider.next = { sub: "u-12", groups: ["staff"] };
  const started = JSON.parse((await one.send("POST", identity(), { password: PASSWORD })).body);
  const back = await one.follow(started.url, (next) => next.origin === its.server.origin);
  // Someone else signs in here meanwhile.
  await withPassword(its.server, one, "ada", PASSWORD);
  expect(await ended(one, back)).toBe("/account?problem=SIGNED_OUT");
  expect(await newest("action=user.identity_linked&actor=ada")).toBeUndefined();
});

test("without roles for groups, only linked users get in, with the role they have here", async () => {
  const other = await realProvider("userinfo");
  const bare = await serverAt(other.issuer, { UNSTUCK_OIDC_ROLES: "" });
  other.serve(bare.origin);
  await firstAdmin(bare);
  other.next = { sub: "u-1", groups: ["ops-admins"] };
  const one = browser();
  expect(await enter(bare, one)).toMatch(/^\/sign-in\?problem=OIDC_NOT_LINKED/);
  await withPassword(bare, one, "ada", PASSWORD);
  const started = await one.send("POST", `${bare.origin}/api/v1/account/identity`, { password: PASSWORD });
  expect(await followed(bare, one, JSON.parse(started.body).url)).toBe("/account");
  const again = browser();
  expect(await enter(bare, again)).toBe("/jobs");
  expect(await me(bare, again)).toMatchObject({ name: "ada", role: "admin" });
  await other.close();
});
