import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { runOf } from "../by-hand";
import { unstuck } from "../cli";
import type { Operator } from "../operator";
import { accountOf, NO_OTHER_USER, OTHER } from "../other-user";
import { startRunAsServer } from "../run-as-server";
import { cleanUp, type TestServer } from "../server";

const { uid, home } = accountOf(OTHER);
/** What the launcher, and the shell after it, could take from the PATH of a job. */
const TOOLS = ["cat", "dd", "env", "mkfifo", "mv", "nice", "rm", "setpriv", "setsid", "sh", "sleep"];

/** Root's terminal launches it, so what that job's user could put in its way would be root's to run. */
describe.skipIf(NO_OTHER_USER)("a run by hand, in a terminal of root, of a job of another user", () => {
  let server: TestServer;
  let op: Operator;
  /** That user's. */
  let folder: string;

  beforeAll(async () => {
    ({ server, op, folder } = await startRunAsServer());
  });
  afterEach(() => op.endAll());
  afterAll(cleanUp);

  async function byHand(job: string, script: string, more: Record<string, unknown>) {
    await op.makeJob(job, ["true"], { runAs: OTHER, cwd: folder, ...more });
    const cli = unstuck(server, ["exec", job, "--", "/bin/sh", "-c", script], {
      cwd: folder,
      env: { FROM_TERMINAL: "its own" },
    });
    const ended = await cli.ended;
    expect(ended, cli.output()).toEqual({ code: 0, signal: null });
    expect(await op.over((await runOf(op, job)).id)).toMatchObject({ state: "completed", runAs: OTHER });
    return cli.out();
  }

  test("has root run nothing out of the job's PATH, and nothing that its shell would read", async () => {
    const evil = join(folder, "evil");
    const trap = join(folder, "as-root");
    const ifRoot = `[ "$(/usr/bin/id -u)" != 0 ] || /usr/bin/touch '${trap}'\n`;
    mkdirSync(evil);
    for (const name of TOOLS)
      writeFileSync(join(evil, name), `#!/bin/sh\n${ifRoot}exec /usr/bin/${name} "$@"\n`, { mode: 0o755 });
    writeFileSync(join(evil, "rc"), ifRoot);
    const rc = join(evil, "rc");
    const out = await byHand("hand-path", '/usr/bin/id -u; echo "$PATH"', {
      env: { PATH: `${evil}:/usr/bin:/bin`, ENV: rc, BASH_ENV: rc, LD_LIBRARY_PATH: evil, IFS: "/" },
    });
    expect(out).toBe(`${uid}\n${evil}:/usr/bin:/bin\n`);
    expect(existsSync(trap)).toBe(false);
  });

  test("gives its program the job's variables and secrets, and the terminal's", async () => {
    const out = await byHand(
      "hand-env",
      'printf "%s|" "$FROM_JOB" "$SECRET" "$FROM_TERMINAL" "$HOME" "$USER"',
      {
        env: { FROM_JOB: `it's "odd"\n$HOME` },
        envSecret: { SECRET: "kept" },
      },
    );
    expect(out).toBe(`it's "odd"\n$HOME|kept|its own|${home}|${OTHER}|`);
  });
});
