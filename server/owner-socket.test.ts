import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openOwnerSocket } from "./owner-socket.mjs";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "unstuck-sock-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ask = (socketPath: string) =>
  new Promise<string>((resolve, reject) => {
    request({ socketPath, path: "/", agent: false }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.once("end", () => resolve(text));
    })
      .once("error", reject)
      .end();
  });

const open = (path: string) =>
  openOwnerSocket(path, ({ url }, response) => void response.end(`asked for ${url}`));

const ANSWER = "asked for /";

test("the socket is for its owner alone, is answered by what it is given, and is gone when it is closed", async () => {
  const path = join(folder, "unstuck.sock");
  const socket = await open(path);
  expect(socket).toMatchObject({ path, why: null });
  const { mode, uid } = lstatSync(path);
  expect(mode & 0o777).toBe(0o600);
  expect(uid).toBe(process.getuid?.());
  expect(await ask(path)).toBe(ANSWER);
  // Nothing is left of the making.
  expect(readdirSync(folder)).toEqual(["unstuck.sock"]);
  await socket.close();
  expect(existsSync(path)).toBe(false);
});

test("what a killed dashboard left is replaced", async () => {
  const path = join(folder, "unstuck.sock");
  const first = await open(path);
  const second = await open(path);
  expect(await ask(path)).toBe(ANSWER);
  await first.close();
  await second.close();
  writeFileSync(path, "left");
  const third = await open(path);
  expect(await ask(path)).toBe(ANSWER);
  await third.close();
});

test("a path that is too long, or taken by a folder, is told and does not keep the dashboard from coming up", async () => {
  const long = await open(join(folder, "x".repeat(108), "unstuck.sock"));
  expect(long.path).toBeNull();
  expect(long.why).toMatch(/has \d+ bytes.*107.*HTTP/);
  const path = join(folder, "unstuck.sock");
  mkdirSync(join(path, "full"), { recursive: true });
  const taken = await open(path);
  expect(taken).toMatchObject({ path: null, why: expect.stringMatching(/unstuck\.sock/) });
  await taken.close();
  expect(readdirSync(folder)).toEqual(["unstuck.sock"]);
});

test("a path of just the length that fits works", async () => {
  const room = 107 - Buffer.byteLength(join(folder, "unstuck.sock")) - 1;
  const inner = join(folder, "y".repeat(room));
  mkdirSync(inner);
  const path = join(inner, "unstuck.sock");
  expect(Buffer.byteLength(path)).toBe(107);
  const socket = await open(path);
  expect(await ask(path)).toBe(ANSWER);
  await socket.close();
});
