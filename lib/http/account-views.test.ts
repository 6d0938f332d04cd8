import { describe, expect, test } from "vitest";
import { AccountView, MeView, SessionView, UserView } from "@/lib/contracts/account";
import { TokenView } from "@/lib/contracts/api-token";
import { AuditView } from "@/lib/contracts/audit";
import type { Grant } from "@/lib/domain/access";
import { anIdentity, aSession, aToken, aUser } from "@/test/accounts";
import { expectAsPromised } from "@/test/as-promised";
import { T0 } from "@/test/factories";
import {
  toAccountView,
  toAuditView,
  toMeView,
  toNewMeView,
  toSessionView,
  toTokenView,
  toUserView,
} from "./account-views";

const grants: readonly Grant[] = [{ role: "operator", on: "tag:eu" }];
const anna = aUser(1, { name: "anna", role: null, grants, lastSignInAt: T0 });

test("who asks is shown with what they may do", () => {
  const view = toMeView(anIdentity({ name: "anna", access: { role: null, grants }, mustChange: true }));
  expectAsPromised(MeView, view);
  expect(view).toMatchObject({ name: "anna", role: null, grants, via: "session", mustChange: true });
  expect(view).not.toHaveProperty("address");
});

test("who has just signed in is shown as who asks is from then on", () => {
  const view = toNewMeView(anna);
  const { id: userId, name, role } = anna;
  expect(view).toEqual(toMeView(anIdentity({ name, userId, access: { role, grants } })));
});

describe("an account", () => {
  test("is shown as the contract says", () => {
    const who = anIdentity({ name: "anna" });
    const identity = {
      issuer: "https://login.example.org",
      subject: "s-1",
      userId: anna.id,
      createdAt: T0,
      lastAt: null,
    };
    const user = { ...anna, hasSecondFactor: true };
    const view = toAccountView({ who, user, recoveryCodes: 3, identity });
    expectAsPromised(AccountView, view);
    expect(view).toMatchObject({
      hasPassword: true,
      secondFactor: true,
      recoveryCodes: 3,
      lastSignInAt: "2026-01-01T00:00:00.000Z",
      identity: { issuer: "https://login.example.org", since: "2026-01-01T00:00:00.000Z", lastAt: null },
    });
    expect(JSON.stringify(view)).not.toContain("s-1");
  });

  test("says at which provider the user is known", () => {
    const identity = {
      issuer: "https://id.example",
      subject: "s1",
      userId: anna.id,
      createdAt: T0,
      lastAt: null,
    };
    const view = toAccountView({ who: anIdentity(), user: anna, recoveryCodes: null, identity });
    expectAsPromised(AccountView, view);
    expect(view.identity).toEqual({
      issuer: "https://id.example",
      since: "2026-01-01T00:00:00.000Z",
      lastAt: null,
    });
  });

  test("of who is no user has nothing of one", () => {
    const who = anIdentity({ via: "token", userId: null });
    const view = toAccountView({ who, user: null, recoveryCodes: null, identity: null });
    expectAsPromised(AccountView, view);
    expect(view).toMatchObject({ hasPassword: false, secondFactor: false, lastSignInAt: null, user: null });
  });
});

test("a session is shown without its secret's hash", () => {
  const { hash: _, ...session } = aSession(1, anna.id);
  const view = toSessionView({ ...session, current: true });
  expectAsPromised(SessionView, view);
  expect(JSON.stringify(toSessionView({ ...aSession(1, anna.id), current: true }))).not.toContain("hash-of");
});

test("a user is shown without the hash of the password", () => {
  const view = toUserView(anna);
  expectAsPromised(UserView, view);
  expect(view).toMatchObject({ name: "anna", hasPassword: true, secondFactor: false, version: 1 });
  expect(JSON.stringify(view)).not.toMatch(/hash:|passwordHash/);
  expect(toUserView({ ...anna, passwordHash: null }).hasPassword).toBe(false);
});

test("a token is active until it expires, unless it was revoked", () => {
  const stateOf = (changes: Parameters<typeof aToken>[1], now = T0) => {
    const view = toTokenView(aToken(1, changes), now);
    expectAsPromised(TokenView, view);
    return view.state;
  };
  expect(stateOf({})).toBe("active");
  expect([T0 + 9, T0 + 10].map((now) => stateOf({ expiresAt: T0 + 10 }, now))).toEqual(["active", "expired"]);
  expect(stateOf({ revokedAt: T0, revokedBy: "anna", expiresAt: T0 - 1 })).toBe("revoked");
});

test("an audit row is shown as the contract says, whatever outcome a later version has written", () => {
  const row = {
    id: 7,
    at: T0,
    actor: "anna",
    action: "run.stopped",
    jobId: "shop",
    runId: null,
    reason: null,
    details: {},
    via: null,
    viaId: null,
    address: null,
    outcome: "done",
  };
  const view = toAuditView(row);
  expectAsPromised(AuditView, view);
  expect(view).toMatchObject({ job: "shop", run: null, outcome: "done" });
  expect(toAuditView({ ...row, outcome: "refused" }).outcome).toBe("refused");
  expect(toAuditView({ ...row, outcome: "cut off" }).outcome).toBe("done");
});
