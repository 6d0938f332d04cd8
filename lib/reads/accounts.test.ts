import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { askedBy } from "@/lib/asking";
import { AccountView, SessionAnswer, SessionList, UserList } from "@/lib/contracts/account";
import { TokenList } from "@/lib/contracts/api-token";
import { AuditPage } from "@/lib/contracts/audit";
import type { Asking } from "@/lib/domain/access";
import { slot } from "@/lib/slot.mjs";
import { aContext, expectRefusal } from "@/test/a-context";
import { accountTables, anIdentity, aSession, askedByUser, aToken, aUser } from "@/test/accounts";
import { expectAsPromised } from "@/test/as-promised";
import { jobId, T0 } from "@/test/factories";
import {
  readAccount,
  readAudit,
  readSession,
  readSessions,
  readTokens,
  readUsers,
  toAuditFilter,
} from "./accounts";

let before: unknown;
beforeEach(() => {
  before = slot().booted;
});
afterEach(() => {
  slot().booted = before;
});

const root = aUser(1, { name: "root", role: "admin" });
const bob = aUser(2, { name: "bob" });
const given = (changes: Parameters<typeof aContext>[0] = {}) =>
  aContext({
    ...askedByUser(root),
    tables: {
      ...accountTables({
        users: [root, bob],
        sessions: [aSession(1, root.id), aSession(2, bob.id)],
        tokens: [{ ...aToken(1), hash: "hash-of:token" }],
      }),
    },
    ...changes,
  });

describe("who asks", () => {
  const client = { address: "192.0.2.7", secure: true };
  const by: Asking = { who: anIdentity({ name: "anna" }), client };
  const app = (open: boolean, hasUsers: boolean) => ({
    phase: "ready",
    app: { config: { open }, auth: { hasUsers: () => hasUsers, host: { signInProvider: null } } },
  });
  const sessionOf = (booted: unknown, asking: Asking | null) => {
    slot().booted = booted;
    const answer = asking === null ? readSession() : askedBy(asking, readSession);
    expectAsPromised(SessionAnswer, answer);
    return answer;
  };

  test("is told who they are, and whether it came by TLS", () => {
    expect(sessionOf(app(false, true), by)).toMatchObject({
      me: { name: "anna" },
      setUp: false,
      secure: true,
    });
  });

  test("is told that there is no one to be yet, where no user was made and accounts are on", () => {
    const none: Asking = { who: null, client };
    expect(sessionOf(app(false, false), none)).toEqual({ me: null, setUp: true, secure: true, oidc: null });
    expect(sessionOf(app(true, false), none).setUp).toBe(false);
    expect(sessionOf(app(false, true), none).setUp).toBe(false);
  });

  test("is answered whatever state the process is in", () => {
    const nothing = { me: null, setUp: false, secure: false, oidc: null };
    expect(sessionOf(null, null)).toEqual(nothing);
    expect(sessionOf({ phase: "booting" }, null)).toEqual(nothing);
    expect(sessionOf({ phase: "failed", failure: new Error("The disk is full.") }, null)).toEqual(nothing);
    expect(sessionOf({ phase: "stopping", app: null }, by).me).toMatchObject({ name: "anna" });
  });
});

test("the account and its sessions are shown as the contract says", async () => {
  const ctx = given();
  const account = await readAccount(ctx);
  expectAsPromised(AccountView, account);
  expect(account).toMatchObject({ name: "root", user: root.id, hasPassword: true });
  const sessions = await readSessions(ctx);
  expectAsPromised(SessionList, sessions);
  expect(sessions.items).toMatchObject([{ current: true, agent: "Firefox" }]);
});

test("users and tokens are shown without anything that opens a door", async () => {
  const ctx = given();
  const [users, tokens] = [await readUsers(ctx), await readTokens(ctx)];
  expectAsPromised(UserList, users);
  expectAsPromised(TokenList, tokens);
  expect(users.items.map(({ name }) => name)).toEqual(["bob", "root"]);
  expect(tokens.items).toMatchObject([{ name: "token-1", state: "active" }]);
  expect(JSON.stringify([users, tokens])).not.toContain("hash");
});

const QUERY = { limit: 2 };

test("the audit is shown page by page", async () => {
  const entry = (action: string) => ({ actor: "anna", action, at: T0 });
  const ctx = given({ tables: { audits: ["a", "b", "c"].map(entry) } });
  const page = await readAudit(QUERY, ctx);
  expectAsPromised(AuditPage, page);
  expect(page.items.map(({ action }) => action)).toEqual(["c", "b"]);
  const rest = await readAudit({ ...QUERY, cursor: page.nextCursor ?? expect.fail() }, ctx);
  expect(rest).toMatchObject({ items: [{ action: "a" }], nextCursor: null });
});

test("what only admins see is refused to others here too, whatever let them in", async () => {
  for (const access of [
    { role: "operator", grants: [] },
    { role: null, grants: [{ role: "operator", on: `job:${jobId("shop")}` }] },
  ] as const) {
    const ctx = given({ who: anIdentity({ access }) });
    for (const read of [() => readUsers(ctx), () => readTokens(ctx), () => readAudit(QUERY, ctx)])
      await expectRefusal(ctx, "NOT_ALLOWED", read);
  }
  const ctx = given({ who: null });
  await expectRefusal(ctx, "NOT_ALLOWED", () => readUsers(ctx));
});

test("what is asked of the audit is what is looked for, and what is left out is not", () => {
  expect(toAuditFilter({})).toEqual({
    actor: null,
    action: null,
    jobId: null,
    outcome: null,
    since: null,
    until: null,
  });
  const query = { actor: "anna", action: "run.", job: "shop", outcome: "refused" } as const;
  const times = { since: "2026-01-01T00:00:00.000Z", until: "2026-01-01T00:00:01.000Z" };
  expect(toAuditFilter({ ...query, ...times })).toEqual({
    actor: "anna",
    action: "run.",
    jobId: "shop",
    outcome: "refused",
    since: T0,
    until: T0 + 1_000,
  });
});
