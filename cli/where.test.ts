import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { placeOf, ROOT } from "./where.mjs";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "unstuck-where-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const env = (more: Record<string, string>) => more as unknown as NodeJS.ProcessEnv;

test("what is said wins over the environment, and a folder is asked by its socket", () => {
  const all = env({ UNSTUCK_URL: "http://a:1", UNSTUCK_DATA_DIR: "/x", UNSTUCK_SOCKET: "/s" });
  expect(placeOf({ url: "http://b:2/" }, all).doors).toEqual([{ url: "http://b:2" }]);
  expect(placeOf({ data: folder }, all).doors).toEqual([{ socket: join(folder, "unstuck.sock") }]);
  expect(placeOf({}, all).doors).toEqual([{ socket: "/s" }]);
  expect(placeOf({}, env({ UNSTUCK_URL: "http://a:1", UNSTUCK_DATA_DIR: "/x" })).doors).toEqual([
    { url: "http://a:1" },
  ]);
  expect(placeOf({}, env({ UNSTUCK_DATA_DIR: "some" })).dataDir).toBe(join(ROOT, "some"));
});

test("without a socket the address of who holds the folder is used, while that process is there", () => {
  const holder = join(folder, "instance.lock.holder");
  writeFileSync(holder, JSON.stringify({ pid: process.pid, origin: "http://127.0.0.1:1234" }));
  expect(placeOf({ data: folder }, env({})).doors).toHaveLength(2);
  writeFileSync(holder, JSON.stringify({ pid: 2 ** 22 - 1, origin: "http://127.0.0.1:1234" }));
  expect(placeOf({ data: folder }, env({})).doors).toHaveLength(1);
});

test("what cannot be meant is refused", () => {
  expect(() => placeOf({ url: "localhost:3000" }, env({}))).toThrow(/Expected the dashboard's URL/);
  expect(() => placeOf({ url: "http://a", data: "/x" }, env({}))).toThrow(/found both/);
});
