import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import {
  addKey,
  forget,
  isOpenToOthers,
  keepFirstKey,
  makePrivately,
  readKeys,
  readOrNull,
} from "./own-files";

const KEY = Buffer.alloc(32, 7).toString("base64");
const OTHER = Buffer.alloc(32, 9).toString("base64");

describe("the key of the data folder", () => {
  test("is made at the first start, for its owner alone, and read at every later one", () => {
    const file = join(temporaryFolder(), "_secret-key");
    const before = process.umask(0);
    onTestFinished(() => void process.umask(before));
    const [key, ...others] = readKeys(file, null);
    expect(others).toEqual([]);
    expect(key).toHaveLength(32);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, "utf8")).toBe(`${key?.toString("base64")}\n`);
    expect(readKeys(file, null)).toEqual([key]);
  });

  test("is another one in another folder", () => {
    const make = () => readKeys(join(temporaryFolder(), "_secret-key"), null)[0]?.toString("hex");
    expect(make()).not.toBe(make());
  });

  test("may have others behind it, the current one first, with blank lines between", () => {
    const file = join(temporaryFolder(), "_secret-key");
    writeFileSync(file, `\n ${KEY} \r\n\n${OTHER}`);
    expect(readKeys(file, null)).toEqual([Buffer.alloc(32, 7), Buffer.alloc(32, 9)]);
  });

  test.each([
    ["is empty", ""],
    ["has a blank line only", "\n"],
    ["is too short", `${Buffer.alloc(31).toString("base64")}\n`],
    ["is too long", `${Buffer.alloc(33).toString("base64")}\n`],
    ["is hexadecimal", Buffer.alloc(32).toString("hex")],
    ["has something else in a second line", `${KEY}\nother`],
  ])("that %s is refused, and the file stays as it is", (_, content) => {
    const file = join(temporaryFolder(), "_secret-key");
    writeFileSync(file, content);
    expect(() => readKeys(file, null)).toThrow(
      expect.objectContaining({
        code: "CONFIG_INVALID",
        message: expect.stringMatching(/_secret-key cannot be used: expected lines of 32 bytes in base64/),
      }),
    );
    expect(readFileSync(file, "utf8")).toBe(content);
  });

  test("that cannot be read is told, and not replaced", () => {
    const file = join(temporaryFolder(), "_secret-key");
    mkdirSync(file);
    expect(() => readKeys(file, null)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
    expect(statSync(file).isDirectory()).toBe(true);
  });
});

describe("another key", () => {
  const keysIn = (file: string) => readKeys(file, null).map((key) => key.toString("hex"));

  test("comes before those that are there, and is alone when the others are not needed any more", () => {
    const folder = temporaryFolder();
    const file = join(folder, "_secret-key");
    const [old] = readKeys(file, null);
    const keys = addKey(file);
    expect(keys).toHaveLength(2);
    expect(keys[1]).toEqual(old);
    expect(readKeys(file, null)).toEqual(keys);
    const kept = keepFirstKey(file, keys);
    expect(kept).toEqual([keys[0]]);
    expect(readKeys(file, null)).toEqual(kept);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["_secret-key"]);
  });

  test("keeps what came into the file while everything was sealed again, and all keys when its own has gone", () => {
    const file = join(temporaryFolder(), "_secret-key");
    keysIn(file);
    const keys = addKey(file);
    writeFileSync(file, `${OTHER}\n${readFileSync(file, "utf8")}`);
    expect(keepFirstKey(file, keys).map((key) => key.toString("base64"))).toEqual([
      OTHER,
      keys[0]?.toString("base64"),
    ]);
    writeFileSync(file, `${OTHER}\n`);
    expect(keepFirstKey(file, keys)).toEqual(keys);
    expect(readFileSync(file, "utf8")).toBe(`${OTHER}\n`);
  });

  test("after one that was cut off loses none: there are three then", () => {
    const file = join(temporaryFolder(), "_secret-key");
    const first = keysIn(file);
    addKey(file);
    writeFileSync(`${file}.new`, "what a killed process has left");
    addKey(file);
    expect(keysIn(file)).toHaveLength(3);
    expect(keysIn(file).slice(-1)).toEqual(first);
  });

  test("is not made where the file is none of ours", () => {
    const file = join(temporaryFolder(), "_secret-key");
    writeFileSync(file, "something else");
    expect(() => addKey(file)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
    expect(readFileSync(file, "utf8")).toBe("something else");
  });
});

describe("a key file that is named", () => {
  test("is read instead of the data folder's own, which is not made then", () => {
    const folder = temporaryFolder();
    const given = join(folder, "given");
    writeFileSync(given, `${KEY}\n`);
    expect(readKeys(join(folder, "_secret-key"), given)).toEqual([Buffer.alloc(32, 7)]);
    expect(readdirSync(folder)).toEqual(["given"]);
  });

  test("is not made when it is missing: it would be another key than the one that is meant", () => {
    const folder = temporaryFolder();
    const given = join(folder, "given");
    expect(() => readKeys(join(folder, "_secret-key"), given)).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID", message: expect.stringContaining(given) }),
    );
    expect(readdirSync(folder)).toEqual([]);
  });
});

test("a private file is never written over", () => {
  const file = join(temporaryFolder(), "kept");
  expect(makePrivately(file, "first")).toBe("first");
  expect(() => makePrivately(file, "second")).toThrow("EEXIST");
  expect(readOrNull(file)).toBe("first");
});

test("a file that others may read is told from one that they may not", () => {
  const file = join(temporaryFolder(), "kept");
  makePrivately(file, "x");
  expect(isOpenToOthers(file)).toBe(false);
  for (const mode of [0o640, 0o604, 0o660]) {
    chmodSync(file, mode);
    expect(isOpenToOthers(file)).toBe(true);
  }
});

test("what is forgotten is gone, and forgetting it again is no error", () => {
  const file = join(temporaryFolder(), "kept");
  makePrivately(file, "x");
  forget(file);
  forget(file);
  expect(readOrNull(file)).toBeNull();
});
