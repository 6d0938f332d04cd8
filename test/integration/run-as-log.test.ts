import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Operator } from "../operator";
import { NO_OTHER_USER, OTHER } from "../other-user";
import { startRunAsServer } from "../run-as-server";
import { cleanUp, type TestServer } from "../server";
import { until } from "../until";

/** One that every user may run. */
const PYTHON = "/usr/bin/python3";
/** Tries what only the owner of a file may do to its standard output, and says what came of each. */
const OWNER = `import fcntl, os, time
def tried(name, act):
    try:
        act()
        return name + ": done"
    except OSError as error:
        return name + ": " + error.strerror
said = [
    tried("lease", lambda: fcntl.fcntl(1, fcntl.F_SETLEASE, fcntl.F_WRLCK)),
    tried("mode", lambda: os.fchmod(1, 0o666)),
    tried("link", lambda: os.link("/proc/self/fd/1", "kept.log", follow_symlinks=True)),
    tried("read", lambda: os.close(os.open("/proc/self/fd/1", os.O_RDONLY))),
    tried("write", lambda: os.close(os.open("/proc/self/fd/1", os.O_WRONLY | os.O_APPEND))),
]
with open("said.part", "w") as file:
    file.write("\\n".join(said))
os.rename("said.part", "said")
print("ready", flush=True)
time.sleep(600)
`;

describe.skipIf(NO_OTHER_USER ?? !existsSync(PYTHON))("the log of a job of another user", () => {
  let server: TestServer;
  let op: Operator;
  let folder: string;

  beforeAll(async () => {
    ({ server, op, folder } = await startRunAsServer());
    writeFileSync(join(folder, "owner.py"), OWNER);
  });
  afterEach(() => op.endAll());
  afterAll(cleanUp);

  test("is not that user's: it can be written to and nothing else, and a look at it waits for no lease", async () => {
    await op.makeJob("owner", [PYTHON, "owner.py"], { runAs: OTHER, cwd: folder });
    const { id } = await op.start("owner");
    const said = join(folder, "said");
    await until("it has tried", () => existsSync(said));
    const log = join(server.dataDir, "owner/logs", `${id}.log`);
    expect(statSync(log)).toMatchObject({ uid: 0 });
    expect(readFileSync(said, "utf8").split("\n")).toEqual([
      "lease: Permission denied",
      "mode: Operation not permitted",
      expect.stringMatching(/^link: (Operation not permitted|Permission denied|Invalid cross-device link)$/),
      "read: Permission denied",
      "write: done",
    ]);
    const asked = performance.now();
    await until("it has printed", async () => String(await op.log(id)).includes("ready"));
    expect(performance.now() - asked).toBeLessThan(10_000);
  });
});
