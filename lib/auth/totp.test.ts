import { expect, test } from "vitest";
import { codeOf, fromBase32, newTotpSecret, stepOf, totpUri } from "./totp";

/** "12345678901234567890" in base32: RFC 6238, appendix B. */
const SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

test.each([
  [59, "94287082"],
  [1_111_111_109, "07081804"],
  [1_111_111_111, "14050471"],
  [1_234_567_890, "89005924"],
  [2_000_000_000, "69279037"],
  [20_000_000_000, "65353130"],
])("RFC 6238, appendix B: at %i s the code of eight digits is %s", (seconds, code) => {
  const step = Math.floor(seconds / 30);
  expect(codeOf(SECRET, step, 8)).toBe(code);
  // Six digits are the last six of them.
  expect(codeOf(SECRET, step)).toBe(code.slice(2));
  expect(stepOf(SECRET, code.slice(2), seconds * 1_000)).toBe(step);
});

const NOW = 1_111_111_110_000;
const STEP = NOW / 30_000;

test("the code of the step before and after counts too, and no other", () => {
  const found = [-2, -1, 0, 1, 2].map((offset) => stepOf(SECRET, codeOf(SECRET, STEP + offset), NOW));
  expect(found).toEqual([null, STEP - 1, STEP, STEP + 1, null]);
  expect(stepOf(SECRET, codeOf(SECRET, STEP), NOW + 59_999)).toBe(STEP);
  expect(stepOf(SECRET, codeOf(SECRET, STEP), NOW + 60_000)).toBeNull();
});

test.each(["", "12345", "1234567", "12 3456", "abcdef", "１２３４５６", "-12345"])(
  "%j is no code",
  (code) => {
    expect(stepOf(SECRET, code, NOW)).toBeNull();
  },
);

test("a code of another secret does not count", () => {
  expect(stepOf(newTotpSecret(), codeOf(SECRET, STEP), NOW)).toBeNull();
});

test("a new secret is 160 random bits that apps can read", () => {
  const [one, other] = [newTotpSecret(), newTotpSecret()];
  expect(one).toMatch(/^[A-Z2-7]{32}$/);
  expect(fromBase32(one)).toHaveLength(20);
  expect(one).not.toBe(other);
});

/** RFC 4648, 10. */
test.each([
  ["", ""],
  ["f", "MY======"],
  ["fo", "MZXQ===="],
  ["foo", "MZXW6==="],
  ["foob", "MZXW6YQ="],
  ["fooba", "MZXW6YTB"],
  ["foobar", "MZXW6YTBOI======"],
])("%j in base32 is %j", (text, base32) => {
  expect(fromBase32(base32).toString()).toBe(text);
});

test("what is not base32 is refused", () => {
  for (const wrong of ["gezd", "0189", "A B"]) expect(() => fromBase32(wrong)).toThrow("Expected base32.");
});

test("what the QR code says is as apps read it", () => {
  expect(totpUri("ABC", { name: "anna+x@example.org", issuer: "Un stuck" })).toBe(
    "otpauth://totp/Un%20stuck:anna%2Bx%40example.org?secret=ABC&issuer=Un%20stuck",
  );
});
