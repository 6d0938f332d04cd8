import { describe, expect, test } from "vitest";
import type { Role } from "@/lib/domain/access";
import { aContext, actionsOf, expectRefusal } from "@/test/a-context";
import { accountTables, anIdentity, aSession, aUser, sessionId, userId } from "@/test/accounts";
import { T0 } from "@/test/factories";
import { createUser } from "./create-user";
import { deleteUser } from "./delete-user";
import { listUsers } from "./list-users";
import { updateUser } from "./update-user";

const root = aUser(1, { name: "root", role: "admin" });
const bob = aUser(2, { name: "bob" });
const given = (changes: Parameters<typeof aContext>[0] = {}) =>
  aContext({
    actor: "root",
    who: anIdentity({ name: "root", userId: root.id }),
    tables: accountTables({ users: [root, bob], sessions: [aSession(1, bob.id), aSession(2, root.id)] }),
    ...changes,
  });
const ACCESS = { role: "viewer", grants: [{ role: "operator", on: "tag:eu" }] } as const;

describe("a new user", () => {
  test("gets a password that is made up, told once, kept as a hash, and to be changed first", async () => {
    const ctx = given();
    const { user, password } = await createUser(ctx, { name: "Anna", ...ACCESS });
    expect(password).toMatch(/^[0-9a-z]{5}(-[0-9a-z]{5}){3}$/);
    expect(user).toMatchObject({
      name: "Anna",
      ...ACCESS,
      passwordHash: `hash:${password}`,
      mustChange: true,
      disabled: false,
      version: 1,
    });
    expect(user.id).toMatch(/^usr_/);
    expect(ctx.saved.audits).toEqual([
      {
        at: T0,
        actor: "root",
        action: "user.created",
        details: { user: "Anna", after: { access: "viewer, operator for tag:eu" } },
      },
    ]);
  });

  test("gets the one that is given, which is not told again and is to be changed too", async () => {
    const { user, password } = await createUser(given(), {
      name: "Anna",
      ...ACCESS,
      password: "battery staple",
    });
    expect(password).toBeNull();
    expect(user).toMatchObject({ passwordHash: "hash:battery staple", mustChange: true });
  });

  test.each([
    ["USER_EXISTS", { name: "BOB" }],
    ["INVALID_INPUT", { name: "Operator" }],
    ["PASSWORD_REFUSED", { name: "anna", password: "short" }],
  ] as const)("%s: %j is refused", async (code, changes) => {
    const ctx = given();
    await expectRefusal(ctx, code, () => createUser(ctx, { ...ACCESS, ...changes }));
  });
});

test("users are listed by name, whatever the case", async () => {
  const users = [aUser(3, { name: "carl" }), aUser(4, { name: "Bea" }), root];
  const listed = await listUsers(given({ tables: accountTables({ users }) }));
  expect(listed.map(({ name }) => name)).toEqual(["Bea", "carl", "root"]);
});

describe("a change of a user", () => {
  test("says before and after in the audit, and ends the sessions of a user whose access changes", async () => {
    const ctx = given();
    const user = await updateUser(ctx, bob.id, { name: "Bob", ...ACCESS });
    expect(user).toMatchObject({ name: "Bob", ...ACCESS, version: 2 });
    expect(ctx.saved.audits).toMatchObject([
      {
        action: "user.changed",
        details: {
          user: "bob",
          before: { name: "bob", access: "operator", disabled: false },
          after: { name: "Bob", access: "viewer, operator for tag:eu", disabled: false },
        },
      },
    ]);
    expect([...ctx.saved.sessions.keys()]).toEqual([sessionId(2)]);
  });

  test("of the name alone ends none", async () => {
    const ctx = given();
    await updateUser(ctx, bob.id, { name: "Bob" });
    expect(ctx.saved.sessions.size).toBe(2);
  });

  test("that switches an account off or on is called so, with anything else it is a change", async () => {
    const ctx = given();
    await updateUser(ctx, bob.id, { disabled: true });
    expect([...ctx.saved.sessions.keys()]).toEqual([sessionId(2)]);
    await updateUser(ctx, bob.id, { disabled: false });
    await updateUser(ctx, bob.id, { disabled: false });
    await updateUser(ctx, bob.id, { disabled: true, role: "viewer" });
    expect(actionsOf(ctx)).toEqual(["user.disabled", "user.enabled", "user.changed", "user.changed"]);
  });

  test("of a version that is not the newest is refused, and taken without one", async () => {
    const ctx = given();
    await updateUser(ctx, bob.id, { name: "one" }, 1);
    await expectRefusal(ctx, "STALE_VERSION", () => updateUser(ctx, bob.id, { name: "two" }, 1));
    expect(await updateUser(ctx, bob.id, { name: "two" })).toMatchObject({ name: "two", version: 3 });
  });

  test.each([
    ["USER_NOT_FOUND", userId(9), { name: "x" }],
    ["USER_EXISTS", bob.id, { name: "ROOT" }],
    ["INVALID_INPUT", bob.id, { name: "owner" }],
    ["LAST_ADMIN", root.id, { role: "operator" }],
    ["LAST_ADMIN", root.id, { disabled: true }],
  ] as const)("%s: of %s to %j is refused", async (code, id, change) => {
    const ctx = given();
    await expectRefusal(ctx, code, () => updateUser(ctx, id, change));
  });

  test("of a user who is gone a moment later is refused in the same words", async () => {
    const ctx = given({ changeUser: async () => "unknown" });
    await expectRefusal(ctx, "USER_NOT_FOUND", () => updateUser(ctx, bob.id, { name: "x" }));
  });

  test("one who was called so before the name was kept free may stay so", async () => {
    const owner = aUser(3, { name: "owner" });
    const ctx = given({ tables: accountTables({ users: [owner] }) });
    expect(await updateUser(ctx, owner.id, { role: "viewer" })).toMatchObject({
      name: "owner",
      role: "viewer",
    });
  });

  test("two admins who demote each other at the same moment leave one", async () => {
    const other = aUser(3, { name: "other", role: "admin" });
    const ctx = given({ tables: accountTables({ users: [root, other] }) });
    const demote = (id: typeof root.id) => updateUser(ctx, id, { role: "viewer" satisfies Role });
    const [one, two] = await Promise.allSettled([demote(other.id), demote(root.id)]);
    expect(one?.status).toBe("fulfilled");
    expect(two).toMatchObject({ reason: { code: "LAST_ADMIN" } });
  });
});

describe("a user who is deleted", () => {
  test("is gone with the sessions, and named in the audit", async () => {
    const ctx = given();
    await deleteUser(ctx, bob.id);
    expect([...ctx.saved.users.keys()]).toEqual([root.id]);
    expect([...ctx.saved.sessions.keys()]).toEqual([sessionId(2)]);
    expect(ctx.saved.audits).toMatchObject([
      { action: "user.deleted", details: { user: "bob", before: { access: "operator" } } },
    ]);
  });

  test("is not the last admin, nor one that there is not", async () => {
    const ctx = given();
    await expectRefusal(ctx, "LAST_ADMIN", () => deleteUser(ctx, root.id));
    await expectRefusal(ctx, "USER_NOT_FOUND", () => deleteUser(ctx, userId(9)));
    const gone = given({ deleteUser: async () => "unknown" });
    await expectRefusal(gone, "USER_NOT_FOUND", () => deleteUser(gone, bob.id));
  });
});
