import { describe, expect, test } from "vitest";
import type { Credentials } from "@/lib/domain/ports/accounts";
import { type ApiToken, SESSION_TIMES, type User } from "@/lib/domain/user";
import { aSession, aToken, aUser } from "@/test/accounts";
import { T0 } from "@/test/factories";
import { sessionCookie } from "./cookies";
import { identifyBy } from "./identify";
import { hashOf, newApiToken } from "./secrets";

const SECRET = "s".repeat(43);
const TOKEN = newApiToken();
const CLIENT = { address: "198.51.100.4", secure: false };
const cookie = sessionCookie("wrk_1");
const header = cookie.set(SECRET, false).split(";", 1)[0];

/** A database with one session and one token, which the test may change; it counts how often it is asked. */
function given() {
  const user = aUser(1, { grants: [{ role: "operator", on: "job:shop" }] });
  const { hash: _, ...session } = aSession(1, user.id);
  const rows = {
    session: session as typeof session | null,
    user: user as User,
    token: aToken(1) as ApiToken | null,
  };
  const asked = { sessions: 0, tokens: 0 };
  const notes: (readonly [string, number])[] = [];
  const failures: unknown[] = [];
  const clock = { at: T0 };
  const write = { fails: null as Error | null };
  const note = async (id: string, now: number) => {
    notes.push([id, now]);
    if (write.fails !== null) throw write.fails;
  };
  const credentials: Credentials = {
    sessionByHash: (hash) => {
      asked.sessions += 1;
      return hash === hashOf(SECRET) && rows.session !== null
        ? { session: rows.session, user: rows.user }
        : null;
    },
    tokenByHash: (hash) => {
      asked.tokens += 1;
      return hash === hashOf(TOKEN) ? rows.token : null;
    },
    userByName: () => null,
    hasUsers: () => true,
    noteSeen: note,
    noteUsed: note,
    noteThere: note,
  };
  const identify = identifyBy(
    credentials,
    cookie,
    () => clock.at,
    (error) => failures.push(error),
  );
  const bySession = () => identify.sessionOf(header, CLIENT);
  const byToken = () => identify.tokenOf(`Bearer ${TOKEN}`, CLIENT);
  return { rows, asked, notes, failures, clock, write, identify, bySession, byToken };
}

/** Later than anything is kept. */
const KEPT_MS = 1_000;

describe("a session", () => {
  test("is its user's, with the address of this request", () => {
    const { rows, bySession } = given();
    expect(bySession()).toEqual({
      name: "user-1",
      access: { role: "operator", grants: [{ role: "operator", on: "job:shop" }] },
      via: "session",
      viaId: rows.session?.id,
      userId: rows.user.id,
      mustChange: false,
      address: CLIENT.address,
    });
  });

  test("is not found by another secret, in another cookie, or by the cookie of the other way", () => {
    const { identify } = given();
    const other = cookie.set("o".repeat(43), false);
    expect(identify.sessionOf(other, CLIENT)).toBeNull();
    expect(identify.sessionOf(`other=${SECRET}`, CLIENT)).toBeNull();
    expect(identify.sessionOf(undefined, CLIENT)).toBeNull();
    expect(identify.sessionOf(header, { ...CLIENT, secure: true })).toBeNull();
  });

  test("says that the password is to be changed", () => {
    const { rows, bySession } = given();
    rows.user = { ...rows.user, mustChange: true };
    expect(bySession()?.mustChange).toBe(true);
  });

  test("of a user who is disabled is none", () => {
    const { rows, bySession } = given();
    rows.user = { ...rows.user, disabled: true };
    expect(bySession()).toBeNull();
  });

  test.each([
    ["idled for too long", { lastSeenAt: T0 - SESSION_TIMES.idleMs }],
    ["has come to its end", { lastSeenAt: T0, endsAt: T0 }],
  ])("that %s is none", (_, changes) => {
    const { rows, bySession } = given();
    rows.session = rows.session && { ...rows.session, ...changes };
    expect(bySession()).toBeNull();
  });

  test("that comes to its end while it is kept ends then", () => {
    const { rows, clock, bySession } = given();
    rows.session = rows.session && { ...rows.session, endsAt: T0 + 500 };
    expect(bySession()).not.toBeNull();
    clock.at = T0 + 500;
    expect(bySession()).toBeNull();
  });
});

describe("a token", () => {
  test("is who it names, and no user", () => {
    const { rows, byToken } = given();
    expect(byToken()).toEqual({
      name: "token:token-1",
      access: { role: "viewer", grants: [] },
      via: "token",
      viaId: rows.token?.id,
      userId: null,
      mustChange: false,
      address: CLIENT.address,
    });
  });

  test.each<[string, Partial<ApiToken>]>([
    ["revoked", { revokedAt: T0 }],
    ["revoked, as a clock that is behind says, in the future", { revokedAt: T0 + 9 }],
    ["expired", { expiresAt: T0 }],
  ])("that is %s is none", (_, changes) => {
    const { rows, byToken } = given();
    rows.token = aToken(1, changes);
    expect(byToken()).toBeNull();
  });

  test("is good until the moment it expires", () => {
    const { rows, clock, byToken } = given();
    rows.token = aToken(1, { expiresAt: T0 + 10 });
    clock.at = T0 + 9;
    expect(byToken()).not.toBeNull();
    clock.at = T0 + 10;
    expect(byToken()).toBeNull();
  });

  test.each([
    "Bearer",
    "Bearer other",
    `Basic ${TOKEN}`,
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.slice(8)}`,
    undefined,
  ])("%s names none", (authorization) => {
    expect(given().identify.tokenOf(authorization, CLIENT)).toBeNull();
  });

  test("what does not look like one of ours is not looked up: a run's token comes here too", () => {
    const { asked, identify } = given();
    identify.tokenOf("Bearer t0k3n", CLIENT);
    expect(asked.tokens).toBe(0);
  });
});

describe("what the database said", () => {
  test("is kept for a second, and then asked for again", () => {
    const { rows, asked, clock, bySession } = given();
    for (const after of [0, 1, KEPT_MS - 1]) {
      clock.at = T0 + after;
      expect(bySession()).not.toBeNull();
    }
    expect(asked.sessions).toBe(1);
    rows.session = null;
    expect(bySession()).not.toBeNull();
    clock.at = T0 + KEPT_MS;
    expect(bySession()).toBeNull();
    expect(asked.sessions).toBe(2);
  });

  test("is asked for again at once when something was written about accounts", () => {
    const { rows, identify, bySession, byToken } = given();
    expect([bySession(), byToken()]).not.toContain(null);
    rows.session = null;
    rows.token = aToken(1, { revokedAt: T0 });
    identify.forget();
    expect([bySession(), byToken()]).toEqual([null, null]);
  });

  test("is not kept for longer when the clock is set back", () => {
    const { rows, clock, bySession } = given();
    expect(bySession()).not.toBeNull();
    rows.session = null;
    clock.at = T0 - 3_600_000;
    expect(bySession()).toBeNull();
  });

  test("is kept of what is not there too, so that guessing costs no more", () => {
    const { asked, identify } = given();
    for (let time = 0; time < 5; time += 1) identify.tokenOf("Bearer unstuck_guess", CLIENT);
    expect(asked.tokens).toBe(1);
  });

  test("is of a limited number of guesses, and who has signed in is still found", () => {
    const { asked, identify, bySession } = given();
    for (let guess = 0; guess < 10_500; guess += 1) identify.tokenOf(`Bearer unstuck_${guess}`, CLIENT);
    expect(bySession()).not.toBeNull();
    identify.tokenOf("Bearer unstuck_1", CLIENT);
    expect(asked.tokens).toBe(10_501);
  });
});

describe("the last use", () => {
  test("is noted every few minutes, not with each request", () => {
    const { rows, notes, clock, bySession, byToken } = given();
    bySession();
    expect(notes).toEqual([]);
    clock.at = T0 + SESSION_TIMES.noteMs;
    for (let time = 0; time < 3; time += 1) bySession();
    expect(notes).toEqual([[rows.session?.id, clock.at]]);
    byToken();
    byToken();
    expect(notes.slice(1)).toEqual([[rows.token?.id, clock.at]]);
    clock.at += SESSION_TIMES.noteMs;
    bySession();
    expect(notes).toHaveLength(3);
  });

  test("that cannot be written keeps no one out, and is told", async () => {
    const { clock, write, failures, bySession } = given();
    write.fails = new Error("The disk is full.");
    clock.at = T0 + SESSION_TIMES.noteMs;
    expect(bySession()).not.toBeNull();
    await Promise.resolve();
    await Promise.resolve();
    expect(failures).toEqual([write.fails]);
  });

  test("of what is over is not noted", () => {
    const { rows, clock, notes, bySession } = given();
    clock.at = T0 + SESSION_TIMES.noteMs;
    rows.user = { ...rows.user, disabled: true };
    bySession();
    expect(notes).toEqual([]);
  });
});
