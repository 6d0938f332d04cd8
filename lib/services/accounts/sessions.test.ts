import { describe, expect, test } from "vitest";
import { SESSION_TIMES } from "@/lib/domain/user";
import { aContext, actionsOf, expectRefusal } from "@/test/a-context";
import { aProvider } from "@/test/a-provider";
import { accountTables, anIdentity, aSession, askedByUser, aUser, sessionId } from "@/test/accounts";
import { T0 } from "@/test/factories";
import { endOtherSessions, endOwnSession, listOwnSessions } from "./own-sessions";
import { signOut } from "./sign-out";

const anna = aUser(1, { name: "anna" });
const bob = aUser(2, { name: "bob" });
const sessions = [
  aSession(1, anna.id),
  aSession(2, anna.id, { lastSeenAt: T0 + 5 }),
  aSession(3, anna.id, { endsAt: T0 + 10 }),
  aSession(4, bob.id),
];
const tables = accountTables({ users: [anna, bob], sessions });
const given = (changes: Parameters<typeof aContext>[0] = {}) =>
  aContext({ ...askedByUser(anna), tables, at: T0 + 10, ...changes });
const robot = anIdentity({ name: "robot", via: "token", userId: null });

describe("one's own sessions", () => {
  test("are those that are not over, the last used first, and one of them is the one that asks", async () => {
    const own = await listOwnSessions(given());
    expect(own.map(({ id, current }) => [id, current])).toEqual([
      [sessionId(2), false],
      [sessionId(1), true],
    ]);
    expect(own.some((session) => "hash" in session)).toBe(false);
  });

  test("are over when they idled for long", async () => {
    expect(await listOwnSessions(given({ at: T0 + 5 + SESSION_TIMES.idleMs }))).toEqual([]);
  });

  test("are ended one by one", async () => {
    const ctx = given();
    await endOwnSession(ctx, sessionId(2));
    expect(ctx.saved.sessions.has(sessionId(2))).toBe(false);
    expect(ctx.saved.sessions.size).toBe(3);
    expect(ctx.saved.audits).toMatchObject([
      { actor: "anna", action: "session.closed", details: { sessions: [sessionId(2)] } },
    ]);
    await expectRefusal(ctx, "SESSION_NOT_FOUND", () => endOwnSession(ctx, sessionId(2)));
  });

  test("are no one else's: another's is not there", async () => {
    const ctx = given();
    await expectRefusal(ctx, "SESSION_NOT_FOUND", () => endOwnSession(ctx, sessionId(4)));
  });

  test("are all ended but the one that asks", async () => {
    const ctx = given();
    await endOtherSessions(ctx);
    expect([...ctx.saved.sessions.keys()]).toEqual([sessionId(1), sessionId(4)]);
    expect(actionsOf(ctx)).toEqual(["session.others_closed"]);
    await endOtherSessions(ctx);
    expect(actionsOf(ctx)).toEqual(["session.others_closed"]);
  });

  test("a token has none", async () => {
    const ctx = given({ who: robot });
    await expectRefusal(ctx, "NO_ACCOUNT", () => listOwnSessions(ctx));
    await expectRefusal(ctx, "NO_ACCOUNT", () => endOwnSession(ctx, sessionId(1)));
    await expectRefusal(ctx, "NO_ACCOUNT", () => endOtherSessions(ctx));
  });
});

describe("signing out", () => {
  test("ends the session that asks, and no other", async () => {
    const ctx = given();
    await signOut(ctx);
    expect([...ctx.saved.sessions.keys()]).toEqual([sessionId(2), sessionId(3), sessionId(4)]);
    expect(ctx.saved.audits).toMatchObject([{ actor: "anna", action: "session.closed" }]);
  });

  test.each([
    ["who is not signed in", null],
    ["a token", robot],
    ["the owner's socket", anIdentity({ via: "socket", viaId: null, userId: null })],
  ])("does nothing for %s", async (_, who) => {
    const ctx = given({ who });
    await signOut(ctx);
    expect(ctx.saved.sessions.size).toBe(4);
    expect(ctx.saved.audits).toEqual([]);
  });

  describe("of a session that a provider has opened", () => {
    const sealed = (hint: string) => `sealed:sign-out:${sessionId(1)}:${hint}`;
    const opened = (signOutHint: string | null) =>
      accountTables({ users: [anna], sessions: [aSession(1, anna.id, { signOutHint })] });

    test("goes on there with what it is known by, once it is over here", async () => {
      const asked: unknown[] = [];
      const ctx = given({
        tables: opened(sealed("hint")),
        signInProvider: aProvider({
          there: (hint) => {
            asked.push(hint, ctx.saved.sessions.size);
            return { can: "unknown" };
          },
        }),
      });
      expect(await signOut(ctx)).toEqual({ can: "unknown" });
      expect(asked).toEqual(["hint", 0]);
    });

    test("goes on without it when the key it was sealed with is gone", async () => {
      const there = (hint: string | null) => (hint === null ? ({ can: "nothing" } as const) : null);
      const ctx = given({ tables: opened("other"), signInProvider: aProvider({ there }) });
      expect(await signOut(ctx)).toEqual({ can: "nothing" });
    });

    test.each([
      ["where it was opened with a password", null, aProvider()],
      ["where that is switched off", sealed("hint"), aProvider({ signOutThere: false })],
      ["where there is no provider any more", sealed("hint"), null],
    ])("is a matter of here %s", async (_, hint, signInProvider) => {
      const ctx = given({ tables: opened(hint), signInProvider });
      expect(await signOut(ctx)).toBeNull();
      expect(ctx.saved.sessions.size).toBe(0);
    });
  });
});
