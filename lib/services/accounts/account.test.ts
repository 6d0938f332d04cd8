import { describe, expect, test } from "vitest";
import { AppError } from "@/lib/domain/errors";
import { aContext, actionsOf, expectRefusal } from "@/test/a-context";
import {
  accountTables,
  anIdentity,
  aSecondFactor,
  aSession,
  askedByUser,
  aUser,
  HASH,
  PASSWORD,
  sessionId,
} from "@/test/accounts";
import { refusal } from "@/test/signing-in";
import { changePassword } from "./change-password";
import { getAccount } from "./get-account";

const anna = aUser(1, { name: "anna", mustChange: true });
const bob = aUser(2, { name: "bob" });
const sessions = [aSession(1, anna.id), aSession(2, anna.id), aSession(3, bob.id)];
const given = (changes: Parameters<typeof aContext>[0] = {}) =>
  aContext({ ...askedByUser(anna), tables: accountTables({ users: [anna, bob], sessions }), ...changes });
const token = anIdentity({ name: "robot", via: "token", userId: null });

describe("the account", () => {
  test("is that of who asks, with how many recovery codes are left", async () => {
    const user = { ...anna, hasSecondFactor: true };
    const second = aSecondFactor(user.id, { recovery: ["a", "b"] });
    const ctx = given({ tables: accountTables({ users: [user], secondFactors: [second] }) });
    expect(await getAccount(ctx)).toEqual({ who: ctx.who, user, recoveryCodes: 2, identity: null });
  });

  test("has no codes without a second factor, also while one is begun", async () => {
    const begun = aSecondFactor(anna.id, { confirmedAt: null });
    const ctx = given({ tables: accountTables({ users: [anna], secondFactors: [begun] }) });
    expect(await getAccount(ctx)).toMatchObject({ user: anna, recoveryCodes: null });
  });

  test("of a token is no user's", async () => {
    expect(await getAccount(given({ who: token }))).toEqual({
      who: token,
      user: null,
      recoveryCodes: null,
      identity: null,
    });
  });

  test("is no one's without signing in", async () => {
    const ctx = given({ who: null });
    await expectRefusal(ctx, "SIGNED_OUT", () => getAccount(ctx));
  });
});

describe("a new password", () => {
  const NEXT = "battery staple";
  const change = (ctx: ReturnType<typeof given>, current = PASSWORD, next = NEXT) =>
    changePassword(ctx, { current, next }, "Firefox");

  test("ends all sessions but a new one in place of the one that asks, and nothing is left to change", async () => {
    const ctx = given();
    const { user, sessionId: id, secret } = await change(ctx);
    expect(user).toMatchObject({ name: "anna", mustChange: false });
    expect([...ctx.saved.sessions.keys()].sort()).toEqual([id, sessionId(3)].sort());
    expect(ctx.saved.sessions.get(id)?.hash).toBe(`hash-of:${secret}`);
    expect(ctx.saved.users.get(anna.id)?.passwordHash).toBe(`hash:${NEXT}`);
    expect(actionsOf(ctx)).toEqual(["user.password_changed", "session.renewed"]);
    expect(JSON.stringify(ctx.saved.audits)).not.toMatch(/battery|hash:/);
    expect([...ctx.saved.delays]).toEqual([]);
  });

  test("needs the one before, and wrong ones count: then it has to wait, also with the right one", async () => {
    const ctx = given();
    for (let time = 0; time < 4; time += 1)
      expect((await refusal(change(ctx, "wrong"))).code).toBe("PASSWORD_WRONG");
    expect(await refusal(change(ctx))).toMatchObject({
      code: "TOO_MANY_ATTEMPTS",
      details: { retryAfterMs: 1_000 },
    });
    expect(ctx.saved.users.get(anna.id)?.passwordHash).toBe(HASH);
    expect(ctx.saved.sessions.size).toBe(3);
    expect(ctx.saved.audits.map(({ action }) => action)).toEqual(Array(4).fill("user.confirmation_refused"));
    expect(ctx.saved.audits[0]).toMatchObject({ refused: true, details: { why: "wrong password" } });
    // It is no failure at signing in: there no one is locked out by it.
    expect([...ctx.saved.delays.keys()]).toEqual([`confirm:${anna.id}`]);
    ctx.clock.at += 1_000;
    await change(ctx);
  });

  test.each([
    ["short", "at least 10"],
    ["aaaaaaaaaa", "three different"],
    [PASSWORD, "another one than now"],
  ])("%j is refused with what is wrong with it", async (next, why) => {
    const ctx = given();
    const error = await refusal(change(ctx, PASSWORD, next));
    expect(error).toMatchObject({ code: "PASSWORD_REFUSED", message: expect.stringContaining(why) });
    expect(ctx.saved.users.get(anna.id)?.passwordHash).toBe(HASH);
    expect([...ctx.saved.delays]).toEqual([]);
  });

  test.each([
    ["a token", token],
    ["the owner's socket", anIdentity({ name: "owner", via: "socket", viaId: null, userId: null })],
    [
      "a dashboard without accounts",
      anIdentity({ name: "operator", via: "open", viaId: null, userId: null }),
    ],
  ])("%s has none", async (_, who) => {
    const ctx = given({ who });
    await expectRefusal(ctx, "NO_ACCOUNT", () => change(ctx));
  });

  test("of a user who has just been deleted is refused", async () => {
    const ctx = given({ tables: accountTables({ users: [bob] }) });
    await expectRefusal(ctx, "SIGNED_OUT", () => change(ctx));
    const later = given({ changeUser: async () => "unknown" });
    expect((await refusal(change(later))).code).toBe("SIGNED_OUT");
    expect(later.saved.sessions.size).toBe(3);
  });

  test("that could not be checked because too many sign in counts as no attempt", async () => {
    const ctx = given({ checkPassword: () => Promise.reject(new AppError("SIGN_IN_BUSY", "Later.")) });
    for (let time = 0; time < 6; time += 1) expect((await refusal(change(ctx))).code).toBe("SIGN_IN_BUSY");
    expect([...ctx.saved.delays]).toEqual([]);
  });
});
