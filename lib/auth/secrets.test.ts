import { expect, test } from "vitest";
import { hashOf, newApiToken, newRecoveryCode, newSecret } from "./secrets";

const many = (make: () => string) => Array.from({ length: 500 }, make);

test("a secret is 256 bits in what cookies and headers can carry, and no two are the same", () => {
  const made = many(newSecret);
  for (const secret of made) expect(secret).toMatch(/^[\w-]{43}$/);
  expect(new Set(made).size).toBe(500);
});

test("a token can be told to be ours", () => {
  expect(newApiToken()).toMatch(/^unstuck_[\w-]{43}$/);
});

test("what is kept of it is its SHA-256", () => {
  expect(hashOf("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

test("a recovery code has ten characters, none of which looks like another, and all of them occur", () => {
  const made = many(newRecoveryCode);
  for (const code of made) expect(code).toMatch(/^[2-9a-hjkmnp-z]{5}-[2-9a-hjkmnp-z]{5}$/);
  expect(new Set(made).size).toBe(500);
  expect([...new Set(made.join(""))].sort().join("")).toBe("-23456789abcdefghjkmnpqrstuvwxyz");
});
