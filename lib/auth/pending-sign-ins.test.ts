import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { PENDING_MS, type PendingSignIn, pendingSignIns } from "./pending-sign-ins";
import { sealWith } from "./seal";

const keyring = sealWith([randomBytes(32)]);
const T0 = 1_796_000_000_000;
const clock = { at: T0 };
const sut = pendingSignIns(keyring, () => clock.at);

function pending(number: number, changes: Partial<PendingSignIn> = {}): PendingSignIn {
  const secret = (what: string) => `${what}-${number}`.padEnd(43, "x");
  return {
    ...{ state: secret("state"), nonce: secret("nonce"), verifier: secret("verifier") },
    ...{ at: T0, next: "/jobs", link: null },
    ...changes,
  };
}

test("what was sealed opens as it was, and tells nothing", () => {
  const both = [pending(2), pending(1, { next: "/runs?q=a", link: "usr_00000000000000000001" as never })];
  const sealed = sut.seal(both) ?? "";
  expect(sealed).toMatch(/^[\w.-]+$/);
  expect(Buffer.from(sealed, "base64url").toString("latin1")).not.toContain("state");
  expect(sut.open(sealed)).toEqual(both);
});

test("nothing, what was made up, what was sealed about something else and by another key are none", () => {
  const other = sealWith([randomBytes(32)]);
  const kept = [
    null,
    "",
    "x",
    "v1.a.b.c",
    keyring.seal("[]", "other"),
    other.seal("[]", "sign-ins at the provider"),
  ];
  for (const each of kept) expect(sut.open(each)).toEqual([]);
  expect(sut.seal([])).toBeNull();
});

test("a changed byte opens nothing", () => {
  const sealed = sut.seal([pending(1)]) ?? "";
  const last = sealed.at(-3) === "A" ? "B" : "A";
  expect(sut.open(`${sealed.slice(0, -3)}${last}${sealed.slice(-2)}`)).toEqual([]);
});

test("after ten minutes it is over, also where the clock was set back", () => {
  const sealed = sut.seal([pending(2, { at: T0 + 1_000 }), pending(1)]);
  clock.at = T0 + PENDING_MS;
  expect(sut.open(sealed).map(({ at }) => at)).toEqual([T0 + 1_000]);
  clock.at = T0 - PENDING_MS;
  expect(sut.open(sealed)).toEqual([]);
  clock.at = T0;
});

test("the newest three are kept, and fewer where they would be too long for a cookie", () => {
  const five = [5, 4, 3, 2, 1].map((number) => pending(number));
  expect(sut.open(sut.seal(five))).toEqual(five.slice(0, 3));
  const long = [3, 2, 1].map((number) => pending(number, { next: `/jobs?q=${"ü".repeat(390)}` }));
  const sealed = sut.seal(long) ?? "";
  expect(sealed.length).toBeLessThanOrEqual(3_800);
  expect(sut.open(sealed)).toEqual(long.slice(0, 2));
});
