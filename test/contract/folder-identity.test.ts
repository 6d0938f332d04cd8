import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import pino from "pino";
import { expect, test } from "vitest";
import { pathsIn } from "@/lib/config/paths";
import type { FolderDoubt } from "@/lib/domain/folder";
import { identifyFolder } from "@/lib/own-folder";
import { openStore } from "@/lib/store/open";
import { beat, registerWorker } from "@/lib/store/workers";
import { processesOfThisHost } from "@/lib/supervisor/processes/of-this-host";
import { testFiles } from "@/test/file-access";
import { temporaryFolder } from "@/test/folders";
import { givenJob } from "./store/given";

const log = pino({ level: "silent" });
const processes = processesOfThisHost();
const files = testFiles();

/** Opens a data folder as a boot does. @returns what is doubted; null: it is the live one */
async function boot(data: string, hostInstance?: string, confirm = false): Promise<FolderDoubt | null> {
  mkdirSync(data, { recursive: true });
  const paths = pathsIn(data);
  const store = await openStore(process.cwd(), paths.database);
  try {
    const host = hostInstance === undefined ? processes : { ...processes, hostInstance: () => hostInstance };
    const folder = await identifyFolder(store, paths, host, files, log);
    const worker = { id: folder.worker, hostname: "box", hostInstance: host.hostInstance(), pid: 1 };
    await registerWorker(store, worker, Date.now());
    await folder.settle();
    if ((await store.read.job.count()) === 0) await givenJob(store);
    const now = Date.now();
    await beat(store, folder.worker, now);
    folder.inUse(now);
    if (confirm) await folder.confirm({ actor: "operator", action: "folder.confirmed" }, async () => {});
    folder.shutdown();
    return folder.unconfirmed()?.doubt ?? null;
  } finally {
    await store.close();
  }
}

const copy = (from: string, to: string, ...how: string[]) =>
  expect(spawnSync("cp", ["-a", ...how, from, to]).status).toBe(0);

test("CR-6.11 a real folder that was renamed, linked to or met again after a reboot is still the live one", async () => {
  const root = temporaryFolder();
  const [data, moved, link] = [join(root, "data"), join(root, "moved"), join(root, "link")];
  expect(await boot(data)).toBeNull();
  renameSync(data, moved);
  expect(await boot(moved)).toBeNull();
  symlinkSync(moved, link);
  expect(await boot(link, "another-boot/1/1")).toBeNull();
  rmSync(join(moved, "_identity"));
  expect(await boot(moved)).toBeNull();
  expect(existsSync(join(moved, "_identity"))).toBe(true);
});

test("CR-6.11 a real copy stays in doubt over restarts until it is confirmed, and the original never is", async () => {
  const root = temporaryFolder();
  const [data, other] = [join(root, "data"), join(root, "copy")];
  expect(await boot(data)).toBeNull();
  copy(data, other);
  expect(await boot(other)).toBe("copied");
  expect(await boot(other, "another-boot/1/1")).toBe("copied");
  expect(await boot(data)).toBeNull();
  expect(await boot(other, undefined, true)).toBeNull();
  expect(await boot(other)).toBeNull();
});

test("CR-6.11 a copy in the place of its original is in doubt, and so is an older database in a live folder", async () => {
  const root = temporaryFolder();
  const [data, backup] = [join(root, "data"), join(root, "backup")];
  expect(await boot(data)).toBeNull();
  copy(data, backup);
  const database = join(root, "old.db");
  copy(join(data, "unstuck.db"), database);
  // What a dashboard leaves that went on for a minute after the backup.
  const later = Date.now() / 1_000 + 60;
  utimesSync(join(data, "_identity"), later, later);
  copy(database, join(data, "unstuck.db"), "--no-preserve=all");
  expect(await boot(data)).toBe("restored");
  rmSync(data, { recursive: true });
  copy(backup, data);
  expect(await boot(data)).toBe("copied");
});
