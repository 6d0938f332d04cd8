import { expect, test } from "vitest";
import { aContext, actionsOf, expectRefusal } from "@/test/a-context";
import { accountTables, aUser, HASH, PASSWORD } from "@/test/accounts";
import { SET_UP_CODE } from "@/test/memory/host";
import { GUEST } from "@/test/signing-in";
import { setUp } from "./set-up";

const FIRST = { code: SET_UP_CODE, name: "Anna", password: PASSWORD };

test("who has the code makes the first user, an admin who is signed in at once, and the code is used up", async () => {
  const ctx = aContext(GUEST);
  const { user, secret, sessionId } = await setUp(ctx, FIRST, "Firefox");
  expect(user).toMatchObject({
    name: "Anna",
    role: "admin",
    grants: [],
    passwordHash: HASH,
    mustChange: false,
  });
  expect(ctx.saved.sessions.get(sessionId)).toMatchObject({ userId: user.id, hash: `hash-of:${secret}` });
  expect(ctx.called).toEqual([["forgetSetUpCode"]]);
  expect(ctx.saved.audits).toMatchObject([
    { actor: "Anna", action: "user.first_admin", by: { via: "session", address: "198.51.100.4" } },
    { actor: "Anna", action: "session.opened" },
  ]);
});

test("a wrong code makes none, and stays as it was", async () => {
  const ctx = aContext(GUEST);
  await expectRefusal(ctx, "SET_UP_CODE_WRONG", () => setUp(ctx, { ...FIRST, code: "guess" }, ""));
});

test("there is one first user: later the right code is refused too, and a wrong one does not tell it was wrong", async () => {
  const ctx = aContext({ ...GUEST, tables: accountTables({ users: [aUser(1, { role: "viewer" })] }) });
  await expectRefusal(ctx, "SET_UP_DONE", () => setUp(ctx, FIRST, ""));
  await expectRefusal(ctx, "SET_UP_DONE", () => setUp(ctx, { ...FIRST, code: "guess" }, ""));
});

test("of two who set up at the same moment one is told that it is done, and gets no session", async () => {
  const ctx = aContext(GUEST);
  const both = ["anna", "bob"].map((name) => setUp(ctx, { ...FIRST, name }, ""));
  const [one, other] = await Promise.allSettled(both);
  expect(one?.status).toBe("fulfilled");
  expect(other).toMatchObject({ status: "rejected", reason: { code: "SET_UP_DONE" } });
  expect([ctx.saved.users.size, ctx.saved.sessions.size]).toEqual([1, 1]);
  expect(actionsOf(ctx)).toEqual(["user.first_admin", "session.opened"]);
});

test.each([
  ["PASSWORD_REFUSED", { password: "short" }],
  ["PASSWORD_REFUSED", { name: "correct.horse", password: "Correct.Horse" }],
  ["INVALID_INPUT", { name: "owner" }],
  ["INVALID_INPUT", { name: "System" }],
] as const)("%s: %j is refused, and the code stays", async (code, changes) => {
  const ctx = aContext(GUEST);
  await expectRefusal(ctx, code, () => setUp(ctx, { ...FIRST, ...changes }, ""));
});
