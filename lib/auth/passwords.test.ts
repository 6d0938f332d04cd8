import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { withResolvers } from "@/test/with-resolvers";
import { passwords } from "./passwords";

const CHEAP = { N: 16, r: 8, p: 1 };
const cheap = () => passwords(CHEAP);

test("a password is right for its own hash, and nothing else is", async () => {
  const { hash, check } = cheap();
  const stored = await hash("correct horse");
  expect(await check("correct horse", stored)).toEqual({ ok: true, outdated: false });
  for (const wrong of ["correct horsE", "correct horse ", "", stored])
    expect(await check(wrong, stored)).toEqual({ ok: false, outdated: false });
});

test("the same password has another hash each time, and a hash says how it was made", async () => {
  const { hash } = cheap();
  const [one, other] = [await hash("correct horse"), await hash("correct horse")];
  expect(one).toMatch(/^scrypt:16:8:1:[\w-]{22}:[\w-]{43}$/);
  expect(other).not.toBe(one);
  expect(one).not.toContain("horse");
});

test("what is usual costs 32 MiB and three passes", async () => {
  expect(await passwords().hash("correct horse")).toMatch(/^scrypt:32768:8:3:/);
});

test("a password that two systems write with other bytes is one", async () => {
  const { hash, check } = cheap();
  const [composed, decomposed] = ["caf\u00e9-caf\u00e9", "cafe\u0301-cafe\u0301"];
  expect(await check(decomposed, await hash(composed))).toMatchObject({ ok: true });
});

test.each<[string, string | null]>([
  ["no hash", null],
  ["an empty one", ""],
  ["one of another kind", "bcrypt:10:abc"],
  ["one that was cut", "scrypt:16:8:1:AAAAAAAAAAAAAAAAAAAAAA:AAAA"],
])("a check against %s does the whole work once, and is wrong", async (_, stored) => {
  const done: unknown[] = [];
  const { check, made } = passwords(CHEAP, async (_password, _salt, options) => {
    done.push(options);
    return randomBytes(32);
  });
  expect(await check("correct horse", stored)).toEqual({ ok: false, outdated: false });
  expect(made()).toBe(1);
  expect(done).toEqual([expect.objectContaining(CHEAP)]);
});

test("a hash that was made more cheaply is right and outdated; a wrong password is never outdated", async () => {
  const stored = await passwords({ ...CHEAP, N: 8 }).hash("correct horse");
  const { check, made } = cheap();
  expect(await check("correct horse", stored)).toEqual({ ok: true, outdated: true });
  expect(await check("wrong horse", stored)).toEqual({ ok: false, outdated: false });
  expect(made()).toBe(2);
});

/** Work that is over when the test says so. */
function heldUp() {
  const begun: string[] = [];
  const ends: ((failure?: Error) => void)[] = [];
  const line = passwords(CHEAP, async (password) => {
    begun.push(password);
    const { promise, resolve } = withResolvers<Error | undefined>();
    ends.push(resolve);
    const failure = await promise;
    if (failure !== undefined) throw failure;
    return randomBytes(32);
  });
  return { begun, ends, ...line };
}
const turns = () => new Promise((resolve) => setImmediate(resolve));

test("two are worked on at a time, the others in the order they came", async () => {
  const { hash, begun, ends } = heldUp();
  const all = ["a", "b", "c", "d"].map(hash);
  await turns();
  expect(begun).toEqual(["a", "b"]);
  ends[1]?.();
  await turns();
  expect(begun).toEqual(["a", "b", "c"]);
  ends[0]?.();
  await turns();
  expect(begun).toEqual(["a", "b", "c", "d"]);
  ends[2]?.();
  ends[3]?.();
  expect(await Promise.all(all)).toHaveLength(4);
});

test("one that fails makes room, and is told as it is", async () => {
  const { hash, begun, ends } = heldUp();
  const all = ["a", "b", "c"].map((password) => hash(password).catch((error: Error) => error.message));
  await turns();
  ends[0]?.(new Error("no memory"));
  await turns();
  expect(begun).toEqual(["a", "b", "c"]);
  for (const end of ends) end();
  expect((await Promise.all(all))[0]).toBe("no memory");
});

test("beyond forty that wait the next is refused in words, and later ones are taken again", async () => {
  const { hash, check, begun, ends } = heldUp();
  const waiting = Array.from({ length: 42 }, (_, index) => hash(String(index)));
  await turns();
  await expect(hash("too many")).rejects.toMatchObject({ code: "SIGN_IN_BUSY" });
  await expect(check("too many", null)).rejects.toMatchObject({ code: "SIGN_IN_BUSY" });
  for (let done = 0; done < 42; done += 1) {
    ends[done]?.();
    await turns();
  }
  await Promise.all(waiting);
  expect(begun).toHaveLength(42);
  const after = hash("later");
  await turns();
  ends[42]?.();
  expect(await after).toMatch(/^scrypt:/);
});
