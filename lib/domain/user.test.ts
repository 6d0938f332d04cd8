import { describe, expect, test } from "vitest";
import {
  isSessionOver,
  makeSessionId,
  makeTokenId,
  makeUserId,
  passwordProblem,
  RESERVED_NAMES,
  SESSION_ID_PATTERN,
  SESSION_TIMES,
  TOKEN_ID_PATTERN,
  USER_ID_PATTERN,
  USER_NAME_PATTERN,
} from "./user";

test("ids are of their kind, from twenty characters of what they are given", () => {
  const entropy = "0123456789abcdefghijklmnop";
  expect(makeUserId(entropy)).toBe("usr_0123456789abcdefghij");
  expect(makeUserId(entropy)).toMatch(USER_ID_PATTERN);
  expect(makeSessionId(entropy)).toMatch(SESSION_ID_PATTERN);
  expect(makeTokenId(entropy)).toMatch(TOKEN_ID_PATTERN);
  expect(makeTokenId(entropy)).not.toMatch(SESSION_ID_PATTERN);
});

describe("a name", () => {
  for (const name of ["a", "Anna", "anna.b@example.org", "x_1", "a+b-c", "4eyes", "n".repeat(63)])
    test(`may be ${name}`, () => expect(name).toMatch(USER_NAME_PATTERN));
  for (const name of [
    "",
    " anna",
    "anna ",
    "an na",
    "-x",
    "@x",
    ".x",
    "anna\n",
    "ann\u0430",
    "é",
    "n".repeat(64),
    "a/b",
  ])
    test(`is not ${JSON.stringify(name)}`, () => expect(name).not.toMatch(USER_NAME_PATTERN));

  test("is kept free where the history uses it, in lower case", () => {
    expect(RESERVED_NAMES).toEqual(RESERVED_NAMES.map((name) => name.toLowerCase()));
    for (const name of ["owner", "operator", "system", "unstuck"]) expect(RESERVED_NAMES).toContain(name);
  });
});

describe("a password", () => {
  test.each([
    ["correct horse"],
    ["tenletters"],
    ["        a b c       "],
    ["пароль-пароль"],
    ["🐎🔋📎🖇".repeat(4)],
    ["x1y2".repeat(64)],
  ])("may be %j", (password) => {
    expect(passwordProblem(password, "anna")).toBeNull();
  });

  test.each([
    ["", "at least 10 characters, found 0"],
    ["ninechars", "at least 10 characters, found 9"],
    // Characters count, not the bytes or the halves they are made of.
    ["🐎🔋📎🖇🐎", "at least 10 characters, found 5"],
    [`${"abcd".repeat(64)}e`, "at most 256 characters, found 257"],
    ["aaaaaaaaaaaa", "more than three different characters"],
    ["abcabcabcabc", "more than three different characters"],
    ["Anna.Berger", "something else than the name"],
    ["Password1234", "not among the most common"],
    ["QWERTYUIOP", "not among the most common"],
  ])("is not %j", (password, problem) => {
    expect(passwordProblem(password, "anna.berger")).toContain(problem);
  });
});

describe("a session", () => {
  const session = { lastSeenAt: 1_000, endsAt: 1_000 + SESSION_TIMES.mostMs };
  const { idleMs, mostMs } = SESSION_TIMES;

  test("is over when it idled for long, and when its time is up however much it is used", () => {
    expect(isSessionOver(session, 1_000)).toBe(false);
    expect(isSessionOver(session, 1_000 + idleMs - 1)).toBe(false);
    expect(isSessionOver(session, 1_000 + idleMs)).toBe(true);
    const used = { ...session, lastSeenAt: 1_000 + mostMs - 1 };
    expect(isSessionOver(used, 1_000 + mostMs - 1)).toBe(false);
    expect(isSessionOver(used, 1_000 + mostMs)).toBe(true);
  });

  test("is not over because the clock was set back", () => {
    expect(isSessionOver(session, 0)).toBe(false);
  });

  test("is noted much more often than it may idle", () => {
    expect(SESSION_TIMES.noteMs * 100).toBeLessThan(idleMs);
    expect(idleMs).toBeLessThan(mostMs);
  });
});
