import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { sealWith } from "./seal";

const [first, second] = [randomBytes(32), randomBytes(32)];
const { seal, unseal } = sealWith([first]);
const unreadable = expect.objectContaining({ code: "SECRET_UNREADABLE" });

test("what is sealed is read again, and cannot be read without the key", () => {
  const sealed = seal("GEZDGNBVGY3TQOJQ ü🐎", "second-factor:usr_1");
  expect(unseal(sealed, "second-factor:usr_1")).toBe("GEZDGNBVGY3TQOJQ ü🐎");
  expect(sealed).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]{16}\.[\w-]+$/);
  expect(Buffer.from(sealed.split(".")[3] ?? "", "base64url").toString("latin1")).not.toContain("GEZD");
});

test("the same text is sealed differently each time", () => {
  expect(seal("text", "a")).not.toBe(seal("text", "a"));
});

test("it is no one else's: moved to another owner it is unreadable", () => {
  const sealed = seal("text", "second-factor:usr_1");
  expect(() => unseal(sealed, "second-factor:usr_2")).toThrow(unreadable);
  expect(() => unseal(sealed, "")).toThrow(unreadable);
});

test("another key reads nothing of it", () => {
  expect(() => sealWith([second]).unseal(seal("text", "a"), "a")).toThrow(unreadable);
});

describe("what was changed is refused", () => {
  const sealed = seal("some text", "a");
  const [version = "", name = "", nonce = "", body = ""] = sealed.split(".");

  test("each bit of nonce, text and tag", () => {
    for (const [place, part] of [nonce, body].entries()) {
      const bytes = Buffer.from(part, "base64url");
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const flipped = Buffer.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const text = flipped.toString("base64url");
        const changed = place === 0 ? [version, name, text, body] : [version, name, nonce, text];
        expect(() => unseal(changed.join("."), "a")).toThrow(unreadable);
      }
    }
  });

  test("cut at any place", () => {
    for (let length = 0; length < sealed.length; length += 1)
      expect(() => unseal(sealed.slice(0, length), "a")).toThrow(unreadable);
  });

  test.each([
    ["another version", ["v2", name, nonce, body]],
    ["a key that there never was", [version, "00000000", nonce, body]],
    ["a shorter nonce", [version, name, nonce.slice(0, 8), body]],
    ["no nonce", [version, name, "", body]],
    ["a tag alone", [version, name, nonce, Buffer.alloc(16).toString("base64url")]],
    ["nothing", []],
  ])("%s", (_, parts) => {
    expect(() => unseal(parts.join("."), "a")).toThrow(unreadable);
  });
});

test("a new key comes first: what the old one sealed is still read, until the old one is gone", () => {
  const old = seal("old", "a");
  const rotated = sealWith([second, first]);
  expect(rotated.unseal(old, "a")).toBe("old");
  const renewed = rotated.seal("new", "a");
  expect(() => unseal(renewed, "a")).toThrow(unreadable);
  const after = sealWith([second]);
  expect(after.unseal(renewed, "a")).toBe("new");
  expect(() => after.unseal(old, "a")).toThrow(unreadable);
});

test("keys can be changed while it is used, and what the current one has sealed can be told from the rest", () => {
  const ring = sealWith([first]);
  const old = ring.seal("old", "a");
  expect(ring.isCurrent(old)).toBe(true);
  ring.use([second, first]);
  expect(ring.unseal(old, "a")).toBe("old");
  const renewed = ring.seal("new", "a");
  expect([old, renewed, "v1", "", "plain text"].map(ring.isCurrent)).toEqual([
    false,
    true,
    false,
    false,
    false,
  ]);
  ring.use([second]);
  expect(ring.unseal(renewed, "a")).toBe("new");
  expect(() => ring.unseal(old, "a")).toThrow(unreadable);
  expect(() => ring.use([])).toThrow("Expected a key.");
  expect(ring.unseal(renewed, "a")).toBe("new");
});

test("without a key nothing is made", () => {
  expect(() => sealWith([])).toThrow("Expected a key.");
});
