import { describe, expect, test } from "vitest";
import { AppError } from "@/lib/domain/errors";
import { SESSION_TIMES, type User } from "@/lib/domain/user";
import { aContext, actionsOf } from "@/test/a-context";
import {
  accountTables,
  aSecondFactor,
  aSession,
  askedByUser,
  aUser,
  codeAt,
  HASH,
  PASSWORD,
  userId,
} from "@/test/accounts";
import { T0 } from "@/test/factories";
import { AGENT, anna, checks, enter, GUEST, givenUser as given, refusal } from "@/test/signing-in";
import { signIn } from "./sign-in";

describe("name and password", () => {
  test("open a session of the user, whatever the case of the name, and say so in the audit", async () => {
    const ctx = given();
    const { user, secret, sessionId: id } = await enter(ctx, { name: "aNNA" });
    expect(user.name).toBe("Anna");
    expect([...ctx.saved.sessions.values()]).toEqual([
      {
        id,
        hash: `hash-of:${secret}`,
        userId: user.id,
        createdAt: T0,
        lastSeenAt: T0,
        endsAt: T0 + SESSION_TIMES.mostMs,
        address: "198.51.100.4",
        agent: AGENT,
        signOutHint: null,
      },
    ]);
    expect(ctx.saved.users.get(user.id)?.lastSignInAt).toBe(T0);
    expect(ctx.saved.audits).toMatchObject([
      {
        actor: "Anna",
        action: "session.opened",
        by: { via: "session", viaId: id, address: "198.51.100.4" },
      },
    ]);
    expect(JSON.stringify(ctx.saved.audits)).not.toContain(secret);
  });

  test("take the place of the session that asks, whose secret may be known to another", async () => {
    const user = anna();
    const before = aSession(9, user.id);
    const tables = accountTables({ users: [user], sessions: [before] });
    const ctx = aContext({ ...GUEST, ...askedByUser(user, before.id), tables });
    const { sessionId: id, secret } = await enter(ctx);
    expect([...ctx.saved.sessions.keys()]).toEqual([id]);
    expect(`hash-of:${secret}`).not.toBe(before.hash);
  });

  const WRONG: readonly (readonly [string, User, string, string])[] = [
    ["an unknown name", aUser(2, { name: "bob" }), "unknown", "unknown name"],
    ["a wrong password", anna({ passwordHash: "hash:other" }), "Anna", "wrong password"],
    ["a user without a password", anna({ passwordHash: null }), "Anna", "no password"],
    ["a user who is disabled, with the right password", anna({ disabled: true }), "Anna", "disabled"],
  ];

  test.each(WRONG)("of %s are refused alike, after one check of a password", async (_, user, actor, why) => {
    const ctx = given(user);
    const error = await refusal(enter(ctx));
    expect(error).toMatchObject({
      code: "SIGN_IN_FAILED",
      message: "Name, password or code is wrong. Nothing was changed.",
      details: {},
    });
    expect(checks(ctx)).toBe(1);
    expect(ctx.saved.sessions.size).toBe(0);
    expect(ctx.saved.audits).toMatchObject([
      { actor, action: "session.refused", refused: true, details: { why }, by: { address: "198.51.100.4" } },
    ]);
    expect(ctx.saved.delays.get("name:anna")?.count).toBe(1);
  });

  test("that were right take one check of a password too", async () => {
    const ctx = given();
    await enter(ctx);
    expect(checks(ctx)).toBe(1);
  });

  test("of an unknown name are not written down: it may be a password in the wrong field", async () => {
    const ctx = given();
    await refusal(enter(ctx, { name: "my s3cret password" }));
    expect(JSON.stringify(ctx.saved.audits)).not.toContain("s3cret");
  });

  test("that are right are hashed again where that is done otherwise now", async () => {
    const ctx = given(anna({ passwordHash: `old:${PASSWORD}` }));
    await enter(ctx);
    expect(ctx.saved.users.get(userId(1))?.passwordHash).toBe(HASH);
    expect(actionsOf(ctx)).toEqual(["user.password_rehashed", "session.opened"]);
  });

  test("are not refused because that could not be done at this moment", async () => {
    const busy = new AppError("SIGN_IN_BUSY", "Later.");
    const ctx = given(anna({ passwordHash: `old:${PASSWORD}` }), {
      hashPassword: () => Promise.reject(busy),
    });
    await enter(ctx);
    expect(actionsOf(ctx)).toEqual(["session.opened"]);
    expect(ctx.saved.users.get(userId(1))?.passwordHash).toBe(`old:${PASSWORD}`);
  });
});

describe("with a second factor", () => {
  const user = anna({ hasSecondFactor: true });
  const codes = ["hash-of:abcdefghjk", "hash-of:23456789ab"];
  const second = (changes: Parameters<typeof aSecondFactor>[1] = {}) =>
    aContext({
      ...GUEST,
      tables: accountTables({
        users: [user],
        secondFactors: [aSecondFactor(user.id, { recovery: codes, ...changes })],
      }),
    });

  test("the right password alone asks for it, opens nothing and counts as no failure", async () => {
    const ctx = second();
    for (let time = 0; time < 6; time += 1)
      expect((await refusal(enter(ctx))).code).toBe("SECOND_FACTOR_NEEDED");
    expect(ctx.saved.sessions.size).toBe(0);
    expect([...ctx.saved.delays]).toEqual([]);
    expect(ctx.saved.audits).toEqual([]);
  });

  test("a wrong password does not tell that there is one", async () => {
    const error = await refusal(enter(second(), { password: "wrong" }));
    expect(error.code).toBe("SIGN_IN_FAILED");
  });

  test.each(["000000", "12345", "abcde-fghjm", "", " "])(
    "the code %j is refused like a wrong password",
    async (code) => {
      const ctx = second();
      const error = await refusal(enter(ctx, { code }));
      expect(error).toMatchObject({
        code: "SIGN_IN_FAILED",
        message: expect.stringContaining("password or code"),
      });
      expect(ctx.saved.audits).toMatchObject([
        { actor: "Anna", refused: true, details: { why: "wrong code" } },
      ]);
      expect(ctx.saved.delays.get("name:anna")?.count).toBe(1);
    },
  );

  test("wrong codes make the next wait like wrong passwords, also with the right one", async () => {
    const ctx = second();
    for (let time = 0; time < 4; time += 1) await refusal(enter(ctx, { code: "000000" }));
    expect((await refusal(enter(ctx, { code: codeAt(T0) }))).code).toBe("TOO_MANY_ATTEMPTS");
  });

  test("asking without a code in between makes wrong codes no fewer", async () => {
    const ctx = second();
    for (let time = 0; time < 4; time += 1) {
      await refusal(enter(ctx, { code: "000000" }));
      ctx.clock.at += 1_000;
      await refusal(enter(ctx));
    }
    expect(ctx.saved.delays.get("name:anna")?.count).toBe(4);
  });

  test("the code of the app opens a session, with blanks in it too, once", async () => {
    const ctx = second();
    const code = codeAt(T0);
    await enter(ctx, { code: ` ${code.slice(0, 3)} ${code.slice(3)}` });
    expect(ctx.saved.sessions.size).toBe(1);
    expect((await refusal(enter(ctx, { code }))).code).toBe("SIGN_IN_FAILED");
    // Nor one that is older than it.
    expect((await refusal(enter(ctx, { code: codeAt(T0 - 30_000) }))).code).toBe("SIGN_IN_FAILED");
    await enter(ctx, { code: codeAt(T0 + 30_000) });
  });

  test("the code of the app is taken once of two at the same moment", async () => {
    const ctx = second();
    const both = [enter(ctx, { code: codeAt(T0) }), enter(ctx, { code: codeAt(T0) })];
    const became = await Promise.allSettled(both);
    expect(became.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(ctx.saved.sessions.size).toBe(1);
  });

  test("a recovery code opens a session once, however it is typed, and says so in the audit", async () => {
    const ctx = second();
    await enter(ctx, { code: " ABCDE fghjk" });
    expect(ctx.saved.secondFactors.get(user.id)?.recovery).toEqual(["hash-of:23456789ab"]);
    expect(ctx.saved.audits).toMatchObject([
      { actor: "Anna", action: "user.recovery_code_used", by: { address: "198.51.100.4" } },
      { action: "session.opened" },
    ]);
    expect((await refusal(enter(ctx, { code: "abcde-fghjk" }))).code).toBe("SIGN_IN_FAILED");
  });

  test("one that was begun and not confirmed is not asked for", async () => {
    const begun = { ...anna(), hasSecondFactor: false };
    const factor = aSecondFactor(begun.id, { confirmedAt: null });
    const ctx = aContext({ ...GUEST, tables: accountTables({ users: [begun], secondFactors: [factor] }) });
    await enter(ctx);
    expect(ctx.saved.sessions.size).toBe(1);
  });

  test("a secret that was sealed for another user opens nothing", async () => {
    const ctx = second({ secret: `sealed:second-factor:${userId(9)}:TOTP` });
    expect((await refusal(enter(ctx, { code: codeAt(T0) }))).code).toBe("SECRET_UNREADABLE");
    expect(ctx.saved.sessions.size).toBe(0);
  });
});

test("a name of the browser is kept as far as it is one", async () => {
  const ctx = given();
  await signIn(ctx, { name: "anna", password: PASSWORD }, "x".repeat(5_000));
  expect([...ctx.saved.sessions.values()][0]?.agent).toHaveLength(300);
});
