import { describe, expect, test } from "vitest";
import type { UserId } from "@/lib/domain/user";
import { aContext, actionsOf, type Context, expectRefusal } from "@/test/a-context";
import { aPerson, aProvider, DAY_MS, ISSUER } from "@/test/a-provider";
import { accountTables, aSession, askedByUser, aUser, sessionId, userId } from "@/test/accounts";
import { T0 } from "@/test/factories";
import { AGENT, GUEST } from "@/test/signing-in";
import { returnFromProvider } from "./return-from-provider";

type Given = NonNullable<Parameters<typeof aContext>[0]>;
const root = aUser(999, { name: "root", role: "admin" });

/** With an admin, whom most of it is not about. Every id is another. */
function given(provider: Parameters<typeof aProvider>[0] = {}, changes: Given = {}): Context {
  let made = 0;
  return aContext({
    ...GUEST,
    entropy: (length) => {
      made += 1;
      return String(made).padStart(length, "0");
    },
    signInProvider: aProvider(provider),
    tables: accountTables({ users: [root] }),
    ...changes,
  });
}

const kept = (next = "/jobs", link: UserId | null = null) => JSON.stringify([{ next, link }, null]);
const back = (ctx: Context, keep: string | null = kept(), query = "state=ok") =>
  returnFromProvider(ctx, query, keep).finish(AGENT);
const users = ({ saved }: Context) =>
  [...saved.users.values()].filter(({ id }) => id !== root.id).map(({ name, role }) => `${name}: ${role}`);

/** Someone who was here before: the same database, asked by another request. */
function again(ctx: Context, person: Parameters<typeof aPerson>[1] = {}): Context {
  const signInProvider = aProvider({ person: aPerson("ada", person) });
  return { ...ctx, signInProvider };
}

describe("someone the provider knows", () => {
  test("is made a user without a password, with the role of the groups, and is signed in", async () => {
    const ctx = given({
      person: aPerson("s-1", { names: ["Ada Lovelace", "ada@example.org"], groups: ["ops"] }),
    });
    const { goTo, secret } = await back(ctx);
    expect(goTo).toBe("/jobs");
    expect(users(ctx)).toEqual(["Ada.Lovelace: admin"]);
    const [user] = [...ctx.saved.users.values()].filter(({ name }) => name === "Ada.Lovelace");
    expect(user).toMatchObject({ passwordHash: null, mustChange: false, grants: [], lastSignInAt: T0 });
    const [session] = [...ctx.saved.sessions.values()];
    expect(session).toMatchObject({
      userId: user?.id,
      hash: `hash-of:${secret}`,
      endsAt: T0 + DAY_MS,
      agent: AGENT,
    });
    expect([...ctx.saved.identities.values()]).toMatchObject([
      { subject: "s-1", userId: user?.id, lastAt: T0 },
    ]);
    const by = { via: "session", address: "198.51.100.4" };
    expect(ctx.saved.audits).toMatchObject([
      { actor: "Ada.Lovelace", action: "user.created", details: { issuer: ISSUER, subject: "s-1" }, by },
      { actor: "Ada.Lovelace", action: "session.opened", details: { by: "provider", subject: "s-1" }, by },
    ]);
    expect(ctx.called).toEqual([]);
  });

  test("is the same user the next time, whatever the name is by then", async () => {
    const ctx = given();
    await back(ctx);
    await back(again(ctx, { names: ["countess"] }));
    expect(users(ctx)).toEqual(["ada: viewer"]);
    expect(ctx.saved.sessions.size).toBe(2);
  });

  test("never becomes a user who only has the same name, or the same subject at another provider", async () => {
    const ada = aUser(1, { name: "Ada" });
    const tables = accountTables({ users: [root, ada] });
    const ctx = given({}, { tables });
    await back(ctx);
    expect(users(ctx)).toEqual(["Ada: operator", "ada2: viewer"]);
    await back(again(ctx, { issuer: "https://other.example.org" }));
    expect(users(ctx)).toEqual(["Ada: operator", "ada2: viewer", "ada3: viewer"]);
  });

  test("is not called what the history calls the process itself", async () => {
    const ctx = given({ person: aPerson("owner", { names: ["owner"] }) });
    await back(ctx);
    expect(users(ctx)).toEqual(["user: viewer"]);
  });

  test("is one user, also in two tabs at the same moment", async () => {
    const ctx = given();
    await Promise.all([back(ctx), back(ctx)]);
    expect(users(ctx)).toEqual(["ada: viewer"]);
    expect(ctx.saved.sessions.size).toBe(2);
  });
});

describe("the role", () => {
  test("rises and falls with the groups at each sign-in, ends the sessions of before, and leaves the grants", async () => {
    const ctx = given();
    await back(ctx);
    const [ada] = [...ctx.saved.users.values()].filter(({ name }) => name === "ada");
    if (ada === undefined) expect.fail("There is no ada.");
    const grants = [{ role: "operator", on: "tag:shop" }] as const;
    await ctx.changeUser(
      ada.id,
      { grants },
      { version: null, keep: null },
      { actor: "root", action: "x" },
      T0,
    );
    await back(again(ctx, { groups: ["ops"] }));
    expect(ctx.saved.users.get(ada.id)).toMatchObject({ role: "admin", grants });
    expect(ctx.saved.sessions.size).toBe(1);
    await back(again(ctx, { groups: ["sales"] }));
    expect(ctx.saved.users.get(ada.id)).toMatchObject({ role: "viewer", grants });
    const changes = ctx.saved.audits.filter(({ action }) => action === "user.role_from_provider");
    expect(changes.map(({ details }) => details)).toEqual([
      { user: "ada", before: "viewer", after: "admin" },
      { user: "ada", before: "admin", after: "viewer" },
    ]);
  });

  test("is none where no group has one: the sign-in is refused, and the user keeps what they had", async () => {
    const ctx = given({ roles: "admin=ops", person: aPerson("ada", { groups: ["ops"] }) });
    await back(ctx);
    const later = { ...ctx, signInProvider: aProvider({ roles: "admin=ops", person: aPerson("ada") }) };
    await expect(back(later)).rejects.toMatchObject({ code: "OIDC_NO_ROLE" });
    expect(users(ctx)).toEqual(["ada: admin"]);
    expect(ctx.saved.audits.at(-1)).toMatchObject({
      actor: "ada",
      action: "session.refused",
      refused: true,
      details: { why: "no role", issuer: ISSUER, subject: "ada" },
    });
    const stranger = given({ roles: "admin=ops" });
    await expect(back(stranger)).rejects.toMatchObject({ code: "OIDC_NO_ROLE" });
    expect(users(stranger)).toEqual([]);
    expect(stranger.saved.audits).toMatchObject([{ actor: "unknown", action: "session.refused" }]);
  });

  test("of the last admin does not fall: the sign-in is refused and nothing is changed", async () => {
    const ctx = given({ person: aPerson("ada", { groups: ["ops"] }) }, { tables: {} });
    await back(ctx);
    await expect(back(again(ctx))).rejects.toMatchObject({ code: "LAST_ADMIN" });
    expect(users(ctx)).toEqual(["ada: admin"]);
    expect(ctx.saved.sessions.size).toBe(1);
    expect(ctx.saved.audits.at(-1)).toMatchObject({
      action: "session.refused",
      details: { why: "last admin" },
    });
  });

  test("is that of here where no groups were configured, and who is not linked is refused", async () => {
    const ctx = given({ roles: null });
    await expect(back(ctx)).rejects.toMatchObject({ code: "OIDC_NOT_LINKED" });
    const linked = { issuer: ISSUER, subject: "ada", userId: userId(1), createdAt: T0, lastAt: null };
    const identities = new Map([[JSON.stringify([ISSUER, "ada"]), linked]]);
    const tables = { ...accountTables({ users: [root, aUser(1, { role: "operator" })] }), identities };
    const known = given({ roles: null }, { tables });
    expect((await back(known)).secret).not.toBeNull();
    expect(known.saved.users.get(userId(1))?.role).toBe("operator");
  });
});

test("the first user is an admin, for whom the printed link is used up; no one else comes before", async () => {
  const early = given({}, { tables: {} });
  await expect(back(early)).rejects.toMatchObject({ code: "NO_ADMIN_YET" });
  expect([early.saved.users.size, early.called]).toEqual([0, []]);
  const first = given({ person: aPerson("ada", { groups: ["ops"] }) }, { tables: {} });
  await back(first);
  expect(users(first)).toEqual(["ada: admin"]);
  expect(first.called).toEqual([["forgetSetUpCode"]]);
});

test("a disabled user is refused, and stays disabled", async () => {
  const ctx = given();
  await back(ctx);
  const [ada] = [...ctx.saved.users.values()].filter(({ name }) => name === "ada");
  if (ada === undefined) expect.fail("There is no ada.");
  ctx.saved.users = new Map(ctx.saved.users).set(ada.id, { ...ada, disabled: true });
  await expect(back(again(ctx))).rejects.toMatchObject({ code: "USER_DISABLED" });
  expect(actionsOf(ctx).at(-1)).toBe("session.refused");
});

test("an answer to what was not started here is refused before the provider is asked", async () => {
  const ctx = given({ person: async () => expect.fail("The provider was asked.") });
  await expectRefusal(ctx, "OIDC_NOT_STARTED", async () => back(ctx, null));
  await expectRefusal(ctx, "OIDC_STATE_WRONG", async () => back(ctx, kept(), "state=other"));
  await expectRefusal(aContext(GUEST), "OIDC_OFF", async () => back(aContext(GUEST)));
});

describe("linking", () => {
  const anna = aUser(998, { name: "anna", role: "operator" });
  const asAnna = (person = aPerson("ada")) =>
    given(
      { person },
      {
        ...askedByUser(anna, sessionId(998)),
        tables: accountTables({ users: [root, anna], sessions: [aSession(998, anna.id)] }),
      },
    );

  test("adds the identity to the user who has asked for it, and opens no session", async () => {
    const ctx = asAnna();
    const returned = returnFromProvider(ctx, "state=ok", kept("/account", anna.id));
    expect(returned.startedOn).toBe("/account");
    expect(await returned.finish(AGENT)).toEqual({ goTo: "/account", secret: null });
    expect([...ctx.saved.identities.values()]).toMatchObject([
      { subject: "ada", userId: anna.id, lastAt: null },
    ]);
    expect(ctx.saved.audits).toMatchObject([
      {
        actor: "anna",
        action: "user.identity_linked",
        details: { user: "anna", issuer: ISSUER, subject: "ada" },
      },
    ]);
    expect(ctx.saved.sessions.size).toBe(1);
    await back({ ...ctx, ...GUEST, actor: "unknown", signInProvider: aProvider({ roles: null }) });
    expect(ctx.saved.sessions.size).toBe(2);
  });

  test("is refused to another user than the one who has asked, and to one who has signed out meanwhile", async () => {
    const ctx = asAnna();
    const other = { ...ctx, ...askedByUser(root) };
    await expectRefusal(ctx, "SIGNED_OUT", () => back(other, kept("/account", anna.id)));
    await expectRefusal(ctx, "SIGNED_OUT", () => back({ ...ctx, who: null }, kept("/account", anna.id)));
  });

  test("takes no identity from another user, and no second one of the same provider", async () => {
    const ctx = asAnna();
    await back(ctx, kept("/account", anna.id));
    const rootToo = { ...ctx, ...askedByUser(root) };
    await expect(back(rootToo, kept("/account", root.id))).rejects.toMatchObject({
      code: "OIDC_LINKED_ALREADY",
    });
    const second = { ...ctx, signInProvider: aProvider({ person: aPerson("s-2") }) };
    await expect(back(second, kept("/account", anna.id))).rejects.toMatchObject({
      code: "OIDC_LINKED_ALREADY",
    });
    expect(ctx.saved.audits.filter(({ refused }) => refused)).toHaveLength(2);
    expect(ctx.saved.identities.size).toBe(1);
    // The same once more changes nothing.
    expect(await back(ctx, kept("/account", anna.id))).toEqual({ goTo: "/account", secret: null });
  });
});
