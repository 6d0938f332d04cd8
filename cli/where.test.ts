import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keepToken } from "./token-store.mjs";
import { isPlain, placeOf, ROOT } from "./where.mjs";

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

test("the URL of this checkout's dashboard on this host is asked by its socket first, then as it is", () => {
  const holder = join(folder, "instance.lock.holder");
  const here = env({ UNSTUCK_DATA_DIR: folder, XDG_CONFIG_HOME: folder });
  const url = "http://127.0.0.1:1234";
  const both = [{ socket: join(folder, "unstuck.sock"), ifAllowed: true }, { url }];
  writeFileSync(holder, JSON.stringify({ pid: process.pid, origin: url }));
  expect(placeOf({ url: `${url}/` }, here)).toEqual({ doors: both, dataDir: folder, named: url });
  expect(placeOf({}, { ...here, UNSTUCK_URL: url }).doors).toEqual(both);
  expect(placeOf({ url: "http://localhost:1234" }, here).doors).toHaveLength(2);
  for (const other of ["http://127.0.0.1:1235", "https://127.0.0.1:1234", "http://[::1]:1234"])
    expect(placeOf({ url: other }, here)).toEqual({ doors: [{ url: other }], dataDir: null, named: other });
  writeFileSync(holder, JSON.stringify({ pid: 2 ** 22 - 1, origin: url }));
  expect(placeOf({ url }, here).doors).toEqual([{ url }]);
});

test("an address beyond this host is never the socket's, whatever a holder file says", () => {
  const origin = "http://10.0.0.7:3000";
  writeFileSync(join(folder, "instance.lock.holder"), JSON.stringify({ pid: process.pid, origin }));
  const here = env({ UNSTUCK_DATA_DIR: folder, XDG_CONFIG_HOME: folder });
  expect(placeOf({ url: origin }, here).doors).toEqual([{ url: origin }]);
});

test("with a token, given or kept, the URL is asked as that and not as the owner", () => {
  const url = "http://127.0.0.1:1234";
  writeFileSync(join(folder, "instance.lock.holder"), JSON.stringify({ pid: process.pid, origin: url }));
  const here = env({ UNSTUCK_DATA_DIR: folder, XDG_CONFIG_HOME: folder });
  expect(placeOf({ url }, { ...here, UNSTUCK_TOKEN: "unstuck_x" }).doors).toEqual([{ url }]);
  keepToken(url, "unstuck_x", here);
  expect(placeOf({ url }, here).doors).toEqual([{ url }]);
  expect(placeOf({ data: folder }, here).doors).toHaveLength(2);
});

test("what is sent to a URL can be read on the way unless it is https or stays on this host", () => {
  expect(["http://a", "http://10.0.0.7:3000", "http://127.0.0.1.example.org"].map(isPlain)).toEqual([
    true,
    true,
    true,
  ]);
  expect(["https://a", "http://localhost:1", "http://127.0.0.1", "http://[::1]:3"].map(isPlain)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
