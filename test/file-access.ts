import { join } from "node:path";
import { afterAll } from "vitest";
import type { Files, FilesOf } from "@/lib/domain/files";
import { openFiles } from "@/lib/files/files";

/** What reads paths of other people, as the dashboard has it, with a process of its own that ends with the file's tests. */
export function testFiles(): Files & FilesOf {
  const { files, pool } = openFiles({
    script: join(import.meta.dirname, "../lib/files/child/main.mjs"),
    // A hang guard here.
    timeoutMs: 60_000,
    ownFolder: "/",
    me: null,
    log: { warn: () => undefined },
  });
  afterAll(() => pool.close());
  return { ...files.own, ...files };
}

/** The same files for every user. */
export function forAllUsers(files: Partial<Files>): FilesOf {
  const own = files as Files;
  const account = () => Promise.reject(new Error("This test has no users."));
  return { own, as: () => own, isOwn: () => true, account };
}
