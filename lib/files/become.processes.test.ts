import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import { accountOf, NO_OTHER_USER, OTHER } from "@/test/other-user";
import { isRunning } from "@/test/processes";
import { until } from "@/test/until";
import { type FileAccess, openFiles } from "./files";

const SCRIPT = join(import.meta.dirname, "child/main.mjs");

describe.skipIf(NO_OTHER_USER)("the process that reads as another user", () => {
  let access: FileAccess | null = null;
  const pids: number[] = [];
  afterEach(async () => {
    access?.close();
    await until("they are gone", () => !pids.some(isRunning));
  });

  test("is that user, reads what that one may, and nothing of root's", async () => {
    const log = { warn: () => undefined };
    access = openFiles({ script: SCRIPT, timeoutMs: 60_000, ownFolder: "/nowhere", me: "root", log });
    const folder = temporaryFolder();
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, "open"), "x");
    writeFileSync(join(folder, "closed"), "x", { mode: 0o600 });
    const files = access.files.as(OTHER);
    expect(await access.files.account(OTHER)).toMatchObject({ name: OTHER, uid: accountOf(OTHER).uid });
    expect((await files.look(join(folder, "open"), 10))?.bytes).toHaveLength(1);
    await expect(files.look(join(folder, "closed"), 10)).rejects.toMatchObject({ code: "EACCES" });
    await expect(files.replace(join(folder, "new"), join(folder, ".new"), "", 0o644)).rejects.toMatchObject({
      code: "EACCES",
    });
    const found = execFileSync("pgrep", ["-f", `${SCRIPT} ${OTHER}`], { encoding: "utf8" }).trim();
    pids.push(...found.split("\n").map(Number));
  });

  test("does not begin where root's capabilities would outlast the change of user", () => {
    const keeping = ["--securebits=+no_setuid_fixup", process.execPath, SCRIPT, OTHER];
    expect(spawnSync("setpriv", keeping, { input: "" }).status).toBe(71);
    expect(spawnSync(process.execPath, [SCRIPT, OTHER], { input: "" }).status).toBe(0);
  });
});
