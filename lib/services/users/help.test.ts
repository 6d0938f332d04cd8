import { describe, expect, test } from "vitest";
import { aContext, actionsOf, expectRefusal } from "@/test/a-context";
import { accountTables, aSecondFactor, aSession, aUser, sessionId, userId } from "@/test/accounts";
import { endUsersSessions, removeUsersSecondFactor } from "./help-user";
import { resetPassword } from "./reset-password";

const root = aUser(1, { name: "root", role: "admin" });
const bob = aUser(2, { name: "bob" });
const given = (second = false) =>
  aContext({
    actor: "root",
    tables: accountTables({
      users: [root, bob],
      sessions: [aSession(1, bob.id), aSession(2, bob.id), aSession(3, root.id)],
      secondFactors: second ? [aSecondFactor(bob.id)] : [],
    }),
  });

describe("a password that is reset", () => {
  test("is made up, told once, to be changed first, and ends all sessions of the user", async () => {
    const ctx = given();
    const { user, password } = await resetPassword(ctx, bob.id, undefined);
    expect(password).toMatch(/^[0-9a-z]{5}(-[0-9a-z]{5}){3}$/);
    expect(user).toMatchObject({ passwordHash: `hash:${password}`, mustChange: true });
    expect([...ctx.saved.sessions.keys()]).toEqual([sessionId(3)]);
    expect(ctx.saved.audits).toMatchObject([
      { actor: "root", action: "user.password_reset", details: { user: "bob" } },
    ]);
    expect(JSON.stringify(ctx.saved.audits)).not.toContain(password ?? "-");
  });

  test("may be given", async () => {
    const { user, password } = await resetPassword(given(), bob.id, "battery staple");
    expect([user.passwordHash, password]).toEqual(["hash:battery staple", null]);
  });

  test("is refused when it is none, or of no user", async () => {
    const ctx = given();
    await expectRefusal(ctx, "PASSWORD_REFUSED", () => resetPassword(ctx, bob.id, "short"));
    await expectRefusal(ctx, "USER_NOT_FOUND", () => resetPassword(ctx, userId(9), undefined));
  });

  test("may be that of the only admin", async () => {
    expect((await resetPassword(given(), root.id, undefined)).user.role).toBe("admin");
  });
});

describe("a lost phone", () => {
  test("ends the second factor, and the sessions too", async () => {
    const ctx = given(true);
    await removeUsersSecondFactor(ctx, bob.id);
    expect(ctx.saved.secondFactors.size).toBe(0);
    expect([...ctx.saved.sessions.keys()]).toEqual([sessionId(3)]);
    expect(actionsOf(ctx)).toEqual(["user.second_factor_removed", "user.sessions_ended"]);
  });

  test("of who has none, or is none, is refused", async () => {
    const ctx = given();
    await expectRefusal(ctx, "SECOND_FACTOR_STATE", () => removeUsersSecondFactor(ctx, bob.id));
    await expectRefusal(ctx, "USER_NOT_FOUND", () => removeUsersSecondFactor(ctx, userId(9)));
  });
});

test("all sessions of a user are ended, and those of no other", async () => {
  const ctx = given();
  await endUsersSessions(ctx, bob.id);
  expect([...ctx.saved.sessions.keys()]).toEqual([sessionId(3)]);
  expect(ctx.saved.audits).toMatchObject([{ action: "user.sessions_ended", details: { user: "bob" } }]);
  await endUsersSessions(ctx, bob.id);
  expect(ctx.saved.audits).toHaveLength(1);
  await expectRefusal(ctx, "USER_NOT_FOUND", () => endUsersSessions(ctx, userId(9)));
});
