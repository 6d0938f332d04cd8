import { join } from "node:path";
import { afterAll } from "vitest";
import type { Files } from "@/lib/domain/files";
import { openFiles } from "@/lib/files/files";

/** What reads paths of other people, as the dashboard has it, with a process of its own that ends with the file's tests. */
export function testFiles(): Files {
  const { files, pool } = openFiles({
    script: join(import.meta.dirname, "../lib/files/child/main.mjs"),
    // A hang guard here.
    timeoutMs: 60_000,
    ownFolder: "/",
    log: { warn: () => undefined },
  });
  afterAll(() => pool.close());
  return files;
}
