import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import { forgetToken, keepToken, keptToken, tokenFile } from "./token-store.mjs";

const here = (config: string) => ({ XDG_CONFIG_HOME: config }) as unknown as NodeJS.ProcessEnv;
const modeOf = (path: string) => statSync(path).mode & 0o777;

test("it is in the user's folder of settings, and a relative one counts for none", () => {
  const env = (more: Record<string, string>) => more as unknown as NodeJS.ProcessEnv;
  expect(tokenFile(env({ XDG_CONFIG_HOME: "/c", HOME: "/h" }))).toBe("/c/unstuck/tokens.json");
  expect(tokenFile(env({ XDG_CONFIG_HOME: "", HOME: "/h" }))).toBe("/h/.config/unstuck/tokens.json");
  expect(tokenFile(env({ XDG_CONFIG_HOME: "c", HOME: "/h" }))).toBe("/h/.config/unstuck/tokens.json");
});

test("a token is kept for its origin, in a file and a folder of its owner alone", () => {
  const config = join(temporaryFolder(), "config");
  const env = here(config);
  expect(keptToken("http://a", env)).toBeUndefined();
  const before = process.umask(0);
  const file = keepToken("http://a", "unstuck_a", env);
  process.umask(before);
  expect(file).toBe(join(config, "unstuck/tokens.json"));
  expect([modeOf(file), modeOf(dirname(file))]).toEqual([0o600, 0o700]);
  keepToken("https://a", "unstuck_b", env);
  keepToken("http://a", "unstuck_c", env);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
    "http://a": "unstuck_c",
    "https://a": "unstuck_b",
  });
  expect(keptToken("http://a", env)).toBe("unstuck_c");
  expect(keptToken("http://a:81", env)).toBeUndefined();
  expect(keptToken("toString", env)).toBeUndefined();
  // Nothing is left of how it was written.
  expect(readdirSync(dirname(file))).toEqual(["tokens.json"]);
});

test("a folder that was open to others is closed", () => {
  const config = temporaryFolder();
  mkdirSync(join(config, "unstuck"), { mode: 0o755 });
  keepToken("http://a", "unstuck_a", here(config));
  expect(modeOf(join(config, "unstuck"))).toBe(0o700);
});

test("a forgotten token is gone, and the file with the last one", () => {
  const env = here(temporaryFolder());
  keepToken("http://a", "unstuck_a", env);
  const file = keepToken("http://b", "unstuck_b", env);
  expect(forgetToken("http://a", env)).toBe(true);
  expect(forgetToken("http://a", env)).toBe(false);
  expect([keptToken("http://a", env), keptToken("http://b", env)]).toEqual([undefined, "unstuck_b"]);
  expect(forgetToken("http://b", env)).toBe(true);
  expect(existsSync(file)).toBe(false);
});

test("a file that others may read or write is refused, with what to do", () => {
  const env = here(temporaryFolder());
  const file = keepToken("http://a", "unstuck_a", env);
  for (const mode of [0o644, 0o640, 0o602]) {
    chmodSync(file, mode);
    const refused = new RegExp(`found 0${mode.toString(8)}.* Run chmod 600 ${file}`);
    expect(() => keptToken("http://a", env)).toThrow(refused);
    expect(() => keepToken("http://b", "unstuck_b", env)).toThrow(refused);
    expect(() => forgetToken("http://a", env)).toThrow(refused);
  }
  chmodSync(file, 0o600);
  expect(keptToken("http://a", env)).toBe("unstuck_a");
});

test("a damaged file is refused and left as it is", () => {
  const env = here(temporaryFolder());
  const file = keepToken("http://a", "unstuck_a", env);
  writeFileSync(file, "{");
  expect(() => keepToken("http://b", "unstuck_b", env)).toThrow(
    /Expected .*tokens\.json to be a JSON object/,
  );
  expect(readFileSync(file, "utf8")).toBe("{");
});

test("a folder that cannot be made is told", () => {
  const config = join(temporaryFolder(), "file");
  writeFileSync(config, "");
  expect(() => keepToken("http://a", "unstuck_a", here(config))).toThrow(/could not be written \(/);
});
