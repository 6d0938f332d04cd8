import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import { isRunning } from "@/test/processes";
import { until } from "@/test/until";
import { openFiles } from "./files";

const script = join(import.meta.dirname, "child/main.mjs");
const { files: access, pool } = openFiles({
  script,
  timeoutMs: 60_000,
  ownFolder: "/nowhere",
  me: null,
  log: { warn: () => undefined },
});
const files = access.own;
afterEach(async () => {
  const pids = pool.pids();
  pool.close();
  await until("its processes are gone", () => !pids.some(isRunning));
});

test("CR-6.1 a pid file is written whole and a folder removed bit by bit, never through a link", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "old/deep"), { recursive: true });
  for (let n = 0; n < 30; n += 1) writeFileSync(join(folder, `old/deep/${n}`), "");
  writeFileSync(join(folder, "kept"), "kept");
  symlinkSync(join(folder, "kept"), join(folder, "old/link"));
  expect(await files.remove(join(folder, "old"), 10)).toBe(false);
  for (let gone = false; !gone; ) gone = await files.remove(join(folder, "old"), 10);
  await files.replace(join(folder, "x.pid"), join(folder, ".beside"), "12\n", 0o644);
  expect(readdirSync(folder).sort()).toEqual(["kept", "x.pid"]);
  for (const [text, size] of [
    ["12\n", 9],
    ["13\n", 3],
    ["", 3],
  ] as const)
    expect(await files.unlinkIf(join(folder, "x.pid"), text, size)).toBe(false);
  expect(await files.unlinkIf(join(folder, "x.pid"), "12\n", 3)).toBe(true);
});
