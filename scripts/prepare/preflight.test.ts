import { existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import { listenProblem, preflight } from "./preflight.mjs";

function check(changes: { host?: string; port?: number; dataDir: string }) {
  const rest = { beyondLoopback: false, open: false, trustedProxies: [], allowedHosts: [] };
  return preflight({ host: "127.0.0.1", port: 0, ...rest, ...changes });
}

test("a missing data folder is made, for this user and group only", async () => {
  const dataDir = join(temporaryFolder(), "a/b/data");
  expect(await check({ dataDir })).toBeNull();
  expect(statSync(dataDir).mode & 0o007).toBe(0);
});

test("a data folder that is a link to a folder serves, because people put it on another disk", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "disk"));
  symlinkSync(join(folder, "disk"), join(folder, "data"));
  expect(await check({ dataDir: join(folder, "data") })).toBeNull();
});

test("a data folder that is a file is told as one", async () => {
  const dataDir = join(temporaryFolder(), "data");
  writeFileSync(dataDir, "precious");
  expect(await check({ dataDir })).toBe(
    `The data folder ${dataDir} is a file. Move it away, or choose another folder with UNSTUCK_DATA_DIR.`,
  );
});

test("a data folder that cannot be made is told with the reason and the way out", async () => {
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "");
  expect(await check({ dataDir: join(file, "data") })).toMatch(
    /^The data folder .* cannot be written: ENOTDIR.*\. Change its permissions, or choose another with UNSTUCK_DATA_DIR\.$/,
  );
});

test("a port in use is told with the next one, and the data folder's problem comes before it", async () => {
  const other = createServer();
  await new Promise<void>((listening) => other.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  const dataDir = temporaryFolder();
  expect(await check({ dataDir, port })).toBe(
    `Port ${port} on 127.0.0.1 is in use by another program. Stop that one, or choose another: PORT=${port + 1} npm start`,
  );
  writeFileSync(join(dataDir, "file"), "");
  expect(await check({ dataDir: join(dataDir, "file"), port })).toMatch(/is a file/);
});

test("a free port is free again after the check", async () => {
  const dataDir = temporaryFolder();
  const probe = createServer();
  await new Promise<void>((listening) => probe.listen(0, "127.0.0.1", listening));
  const { port } = probe.address() as AddressInfo;
  await new Promise((closed) => probe.close(closed));
  expect(await check({ dataDir, port })).toBeNull();
  expect(await check({ dataDir, port })).toBeNull();
});

test("an address of another machine is told as such", async () => {
  expect(await check({ dataDir: temporaryFolder(), host: "192.0.2.1" })).toBe(
    "192.0.2.1 is not an address of this machine. Use HOST=127.0.0.1.",
  );
});

describe("the sentence for a failure to listen", () => {
  const error = (code: string) => Object.assign(new Error(`listen ${code}`), { code });
  test("is about rights for a low port", () => {
    expect(listenProblem(error("EACCES"), "127.0.0.1", 80)).toBe(
      "Port 80 needs more rights than this user has. Choose one above 1023: PORT=3000 npm start",
    );
  });
  test("never suggests a port that does not exist", () => {
    expect(listenProblem(error("EADDRINUSE"), "127.0.0.1", 65_535)).not.toContain("65536");
  });
  test("keeps the words of what it does not know", () => {
    expect(listenProblem(error("EMFILE"), "127.0.0.1", 3_000)).toBe(
      "Could not listen on 127.0.0.1:3000: listen EMFILE.",
    );
    expect(listenProblem("odd", "127.0.0.1", 3_000)).toBe("Could not listen on 127.0.0.1:3000: odd.");
  });
});

test("a data folder that is in order is left as it is", async () => {
  const dataDir = temporaryFolder();
  writeFileSync(join(dataDir, "unstuck.db"), "x");
  expect(await check({ dataDir })).toBeNull();
  expect(existsSync(join(dataDir, "unstuck.db"))).toBe(true);
});
