import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { runOf } from "../by-hand";
import { unstuck } from "../cli";
import { type Operator, operator } from "../operator";
import { accountOf, NO_OTHER_USER, OTHER } from "../other-user";
import { isRunning, launcherOf, processesOfRun } from "../processes";
import { makeFifo, tell } from "../programs";
import { cleanUp, newDataDir, startServer, type TestServer } from "../server";
import { until } from "../until";

const { uid, gid, home, shell } = accountOf(OTHER);
/** Without what a test's server says for all others: under root these jobs say it themselves. */
const ENV = { UNSTUCK_RUN_AS: "" };

describe.skipIf(NO_OTHER_USER)("a job that runs as another user", () => {
  let server: TestServer;
  let op: Operator;
  let folder: string;

  beforeAll(async () => {
    server = await startServer({ env: ENV });
    op = operator(server);
    folder = newDataDir();
    chownSync(folder, uid, gid);
  });
  afterEach(() => op.endAll());
  afterAll(cleanUp);

  const theirs = (more: Record<string, unknown> = {}) => ({ runAs: OTHER, cwd: folder, ...more });
  const shellJob = (job: string, script: string, more: Record<string, unknown> = {}) =>
    op.makeJob(job, ["sh", "-c", script], theirs(more));

  async function completed(job: string, script: string, more: Record<string, unknown> = {}) {
    await shellJob(job, script, more);
    const run = await op.over((await op.start(job)).id);
    const log = String(await op.log(run.id));
    expect(run, log).toMatchObject({ state: "completed", runAs: OTHER });
    return { run, log, lines: log.trim().split("\n") };
  }

  /** A FIFO of that user's, which its program waits at. */
  function gate(name: string): string {
    const fifo = makeFifo(join(folder, name));
    chmodSync(fifo, 0o666);
    return fifo;
  }

  test("has that user's ids, groups, HOME, USER and SHELL, and no way back", async () => {
    const ask = `id -u; id -g; id -G; echo "$HOME $USER $LOGNAME $SHELL \${TMPDIR-none}"; cat /proc/self/status; pwd`;
    const { log, lines } = await completed("whoami", ask);
    expect(lines.slice(0, 3)).toEqual([String(uid), String(gid), String(gid)]);
    expect(lines[3]).toBe(`${home} ${OTHER} ${OTHER} ${shell} none`);
    for (const name of ["CapInh", "CapPrm", "CapEff", "CapAmb"])
      expect(log).toMatch(new RegExp(`^${name}:\\s+0+$`, "m"));
    expect(log).toMatch(new RegExp(`^Uid:(\\s+${uid}){4}$`, "m"));
    expect(lines.at(-1)).toBe(folder);
  });

  test("reports its progress in a folder of its own, and nothing of it is left when it has ended", async () => {
    const fifo = gate("report");
    const report = `printf '{"extracted":3}' >"$UNSTUCK_PROGRESS_FILE"; echo "$UNSTUCK_PROGRESS_FILE"; read -r go <report`;
    await shellJob("reports", report);
    const { id } = await op.running((await op.start("reports")).id);
    await until("it is read", async () => (await op.run(id)).progress?.extracted === 3);
    const file = String(await op.log(id)).trim();
    expect(file).toBe(join(server.dataDir, "_run-as", OTHER, "_runs", id, "progress.json"));
    expect(statSync(join(file, "..")).uid).toBe(uid);
    await tell(fifo, "go");
    expect(await op.over(id)).toMatchObject({ state: "completed", progress: { extracted: 3 } });
    await until("its folder is gone", () => !existsSync(join(file, "..")));
  });

  test.each(["file", "pipe"])(
    "opens its own output by name, with the log written through a %s",
    async (via) => {
      const { log } = await completed(
        `named-${via}`,
        "echo one >>/dev/stdout; echo two >>/dev/stderr; echo three",
        {
          logVia: via,
        },
      );
      expect(log).toBe("one\ntwo\nthree\n");
    },
  );

  test("gets its variables and secrets byte for byte, and none of them stands in a command line or is left in a file", async () => {
    const fifo = gate("secret");
    const env = { ODD: `it's "odd" $HOME \`x\`\n\\ ü`, PATH: "/usr/bin:/bin:/odd" };
    await shellJob("variables", 'printf "%s|%s|%s\\n" "$ODD" "$TOKEN" "$PATH"; read -r go <secret', {
      env,
      envSecret: { TOKEN: "s3cr3t-of-games" },
    });
    const { id } = await op.running((await op.start("variables")).id);
    await until("it has said so", async () => String(await op.log(id)).includes("/odd"));
    const commands = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(commandLine);
    expect(commands.join("\n")).not.toContain("s3cr3t-of-games");
    expect(existsSync(join(server.dataDir, "runs", id, "env"))).toBe(false);
    await tell(fifo, "go");
    await op.over(id);
    expect(String(await op.log(id))).toBe(`${env.ODD}|s3cr3t-of-games|${env.PATH}\n`);
  });

  test("is stopped with its whole tree, in time and by force", async () => {
    const tree =
      "setsid sh -c 'trap \"\" TERM; sleep 600 & wait' & trap '' TERM; echo ready; wait; sleep 600";
    await shellJob("stubborn", tree, { timeouts: { stopGraceMs: 300 } });
    const { id } = await op.startReady("stubborn");
    const members = processesOfRun(id).map(({ pid }) => pid);
    expect(members.length).toBeGreaterThanOrEqual(3);
    await op.stop("stubborn");
    expect(await op.over(id)).toMatchObject({ state: "stopped" });
    expect(members.filter(isRunning)).toEqual([]);
  });

  test("has its niceness and open files limited before it gives up root", async () => {
    const { lines } = await completed("limited", "nice; ulimit -n", { limits: { nice: -5, openFiles: 77 } });
    expect(lines).toEqual(["-5", "77"]);
  });

  test("keeps its checkpoint and its pid file as its own, and goes on from it", async () => {
    const fifo = gate("resume");
    const script = `[ -e state.json ] && cat state.json; echo '{"page":1}' >state.json; [ -z "$UNSTUCK_RESUME" ] || exit 0; echo ready; read -r go <resume; exit 1`;
    await shellJob("resumes", script, { checkpoint: "state.json", pidFile: "resumes.pid" });
    const { id } = await op.startReady("resumes");
    await until("its pid file is there", () => existsSync(join(folder, "resumes.pid")));
    expect(statSync(join(folder, "resumes.pid")).uid).toBe(uid);
    await tell(fifo, "go");
    expect(await op.over(id)).toMatchObject({ state: "failed", verdict: "resumable" });
    await until("its pid file is gone", () => !existsSync(join(folder, "resumes.pid")));
    const next = await op.over((await op.start("resumes", { mode: "resume" })).id);
    expect(next).toMatchObject({ state: "completed", parentRunId: id });
    await op.start("resumes", { mode: "fresh" });
    await until("the old one is moved aside", () =>
      readdirSync(folder).some((name) => name.startsWith("state.json.before-")),
    );
  });

  test("of Crawlee or Scrapy keeps its lineage's state where that user can write", async () => {
    const { run, lines } = await completed(
      "crawls",
      'mkdir -p "$CRAWLEE_STORAGE_DIR"; echo "$CRAWLEE_STORAGE_DIR"',
      {
        kind: "crawlee",
      },
    );
    const storage = join(server.dataDir, "_run-as", OTHER, "crawls/lineages", run.id, "storage");
    expect(lines).toEqual([storage]);
    expect(statSync(storage).uid).toBe(uid);
    const { env } = await server
      .api("GET", "/api/v1/jobs/crawls/environment")
      .then(({ body }) => ({ env: body.variables }));
    expect(env).toContainEqual(expect.objectContaining({ name: "HOME", value: home }));
  });

  test("goes on under the next dashboard, which reads its progress and knows its end", async () => {
    const other = await startServer({ env: ENV });
    const ops = operator(other);
    const fifo = gate("adopted");
    const script = `echo ready; read -r go <adopted; printf '{"extracted":8}' >"$UNSTUCK_PROGRESS_FILE"; read -r go <adopted; exit 7`;
    await ops.makeJob("adopted", ["sh", "-c", script], theirs());
    const { id } = await ops.startReady("adopted");
    await other.kill();
    const next = await startServer({ dataDir: other.dataDir, env: ENV });
    const nextOps = operator(next);
    expect(await nextOps.run(id)).toMatchObject({ state: "running" });
    await tell(fifo, "report");
    await until("it is read", async () => (await nextOps.run(id)).progress?.extracted === 8);
    await tell(fifo, "end");
    expect(await nextOps.over(id)).toMatchObject({ state: "failed", exitCode: 7 });
    await next.stop();
  });

  test("whose launcher was killed lives on as its own, and is still known", async () => {
    await shellJob("orphaned", "echo ready; exec sleep 600");
    const run = await op.startReady("orphaned");
    const { id, pid } = run;
    process.kill(launcherOf(run), "SIGKILL");
    await until("that is noticed", async () =>
      (await op.events(id)).some(({ type }: { type: string }) => type === "unsupervised"),
    );
    expect(isRunning(pid)).toBe(true);
    await op.stop("orphaned");
    expect(await op.over(id)).toMatchObject({ state: "stopped" });
  });

  test("started by hand in root's terminal runs as that user there, too", async () => {
    await op.makeJob("by-hand", ["true"], theirs());
    const script = `id -un; echo "$HOME $USER $KEPT"; printf '{"extracted":4}' >"$UNSTUCK_PROGRESS_FILE"; exit 3`;
    const cli = unstuck(server, ["exec", "by-hand", "--", "sh", "-c", script], {
      cwd: folder,
      env: { KEPT: "kept" },
    });
    expect(await cli.ended).toMatchObject({ code: 3 });
    expect(cli.output()).toContain(`${OTHER}\n${home} ${OTHER} kept\n`);
    const run = await op.over((await runOf(op, "by-hand")).id);
    expect(run).toMatchObject({ state: "failed", exitCode: 3, progress: { extracted: 4 } });
  });

  describe("is refused in words, and nothing is made or started", () => {
    const refused = async (body: Record<string, unknown>) => {
      const answer = await server.api("POST", "/api/v1/jobs", {
        id: "refused",
        argv: ["true"],
        cwd: "/",
        ...body,
      });
      expect((await server.api("GET", "/api/v1/jobs/refused")).status).toBe(404);
      return { status: answer.status, code: answer.body.code, detail: answer.body.detail };
    };

    test("where it does not say whom it runs as", async () => {
      const answer = await refused({});
      expect(answer).toMatchObject({ status: 422, code: "RUN_AS_NEEDED" });
      expect(answer.detail).toContain('or to "root"');
      expect(await refused({ runAs: null })).toMatchObject({ code: "RUN_AS_NEEDED" });
    });

    test("where this host has no such user", async () => {
      expect(await refused({ runAs: "no-such-user" })).toMatchObject({ status: 422, code: "RUN_AS_UNKNOWN" });
    });

    test.each(["", "0", "1000", "-u", "a b", "a:b", "../x", "a/b", "a\nb", "$(id)", "x".repeat(70), 5, {}])(
      "where %j is no name of a user",
      async (runAs) => {
        expect(await refused({ runAs })).toMatchObject({ status: 400, code: "INVALID_INPUT" });
      },
    );

    test("where that user may not enter its folder, or run its program", async () => {
      const closed = newDataDir();
      expect(await refused({ runAs: OTHER, cwd: closed })).toMatchObject({ code: "CWD_NOT_FOUND" });
      const program = join(folder, "roots-own");
      writeFileSync(program, "#!/bin/sh\n", { mode: 0o700 });
      expect(await refused({ runAs: OTHER, argv: [program] })).toMatchObject({
        code: "COMMAND_NOT_EXECUTABLE",
      });
    });
  });

  test("may be root, where the job says so", async () => {
    await op.makeJob("as-root", ["id", "-un"], { runAs: "root" });
    const run = await op.over((await op.start("as-root")).id);
    expect(String(await op.log(run.id))).toBe("root\n");
  });

  test("cannot be set back to nobody in particular", async () => {
    const { version } = await op.makeJob("set-back", ["true"], { runAs: OTHER, cwd: "/" });
    const answer = await server.api("PATCH", "/api/v1/jobs/set-back", { version, runAs: null });
    expect(answer).toMatchObject({ status: 422, body: { code: "RUN_AS_NEEDED" } });
  });
});

describe.skipIf(NO_OTHER_USER)("where that user cannot reach what a run needs", () => {
  afterAll(cleanUp);

  test("a start names the folder that bars the way, and UNSTUCK_RUN_AS_DIR is another way", async () => {
    const closed = newDataDir();
    const dataDir = join(closed, "data");
    mkdirSync(dataDir);
    const server = await startServer({ dataDir, env: ENV });
    const op = operator(server);
    await op.makeJob("barred", ["true"], { runAs: OTHER, cwd: "/" });
    const run = await op.over((await op.start("barred")).id);
    expect(run).toMatchObject({ state: "failed", cause: "launch_failed" });
    expect(run.reason).toContain(`${OTHER} cannot enter ${closed}`);
    await server.stop();

    const other = newDataDir();
    const elsewhere = newDataDir();
    chmodSync(elsewhere, 0o755);
    const again = await startServer({
      dataDir: other,
      env: { ...ENV, UNSTUCK_RUN_AS_DIR: join(elsewhere, "run-as") },
    });
    const ops = operator(again);
    await ops.makeJob("barred", ["true"], { runAs: OTHER, cwd: "/" });
    expect(await ops.over((await ops.start("barred")).id)).toMatchObject({ state: "completed" });
    expect(statSync(other).mode & 0o001, "the data folder stays closed").toBe(0);
    await again.stop();
  });
});

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1");
  } catch {
    return "";
  }
}
