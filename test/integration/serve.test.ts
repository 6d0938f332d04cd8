import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { operator } from "../operator";
import { program } from "../programs";
import { cleanUp, startServer } from "../server";
import { canMount } from "../small-disk";

afterAll(cleanUp);
const ROOT = join(import.meta.dirname, "../..");

/** The code folder as a read-only mount, for this process and what it starts only. */
const READ_ONLY_CODE = [
  "unshare",
  "--mount",
  "--",
  "sh",
  "-c",
  `mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && cd "$0" && ! touch "$0/written" 2>&- && exec "$@"`,
  ROOT,
];

test.skipIf(!canMount)(
  "`serve` runs the built dashboard from a folder in which it can write nothing",
  async () => {
    const server = await startServer({ script: "scripts/serve.mjs", through: READ_ONLY_CODE });
    const op = operator(server);
    await op.makeJob("job", program("exits-with", 0));
    expect(await op.over((await op.start("job")).id)).toMatchObject({ state: "completed" });
    expect((await fetch(`${server.origin}/jobs`)).status).toBe(200);
    expect(server.output()).not.toMatch(/Installing|Generating|Building|EROFS/);
    expect(await server.stop()).toBe(0);
  },
);

test("the running dashboard holds no compiler in its memory", async () => {
  const server = await startServer({ script: "scripts/serve.mjs" });
  const mapped = readFileSync(`/proc/${server.pid}/maps`, "latin1");
  expect(mapped).toContain("better-sqlite3");
  expect(mapped).not.toContain("next-swc");
});
