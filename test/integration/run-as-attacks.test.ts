import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Child, endChild, startChild } from "../children";
import type { Operator } from "../operator";
import { accountOf, NO_OTHER_USER, OTHER } from "../other-user";
import { isRunning } from "../processes";
import { startRunAsServer } from "../run-as-server";
import { cleanUp, newDataDir, type TestServer } from "../server";
import { until } from "../until";

const { uid, gid } = accountOf(OTHER);
const ROOTS = "only-root-may-read-this";

/** What a user that jobs run as may try, to have root do for it what it may not do itself. */
describe.skipIf(NO_OTHER_USER)("a job's user", () => {
  let server: TestServer;
  let op: Operator;
  /** That user's. */
  let folder: string;
  /** Root's, and closed to others. */
  let closed: string;

  beforeAll(async () => {
    ({ server, op, folder } = await startRunAsServer());
    closed = newDataDir();
    writeFileSync(join(closed, "secret.json"), JSON.stringify({ extracted: 999, page: ROOTS }), {
      mode: 0o600,
    });
  });
  afterEach(() => op.endAll());
  afterAll(cleanUp);

  async function run(job: string, script: string, more: Record<string, unknown> = {}) {
    await op.makeJob(job, ["sh", "-c", script], { runAs: OTHER, cwd: folder, ...more });
    return op.over((await op.start(job)).id);
  }
  const logOf = async ({ id }: { id: string }) => String(await op.log(id));

  test("reads nothing of the dashboard's: neither its folder nor any file in it, by name", async () => {
    const other = await run("others", "echo output of another", { runAs: "root" });
    await until("its log is there", async () => (await logOf(other)).includes("another"));
    const files = readdirSync(server.dataDir, { recursive: true, withFileTypes: true })
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !path.includes("_run-as") && path !== op.cwd);
    expect(files.length).toBeGreaterThan(10);
    const list = join(folder, "list");
    writeFileSync(list, [server.dataDir, ...files].join("\n"));
    const tries = `while read -r path; do
      ls "$path" >/dev/null 2>&1 && [ -d "$path" ] && echo "lists $path"
      [ -f "$path" ] && head -c 1 "$path" >/dev/null 2>&1 && echo "reads $path"
      [ -f "$path" ] && (: >>"$path") 2>/dev/null && echo "writes $path"
      [ -d "$path" ] && (: >"$path/new") 2>/dev/null && echo "makes files in $path"
    done <list; echo tried`;
    expect(await logOf(await run("reads", tries))).toBe("tried\n");
  });

  test("does not get through to the owner's socket", async () => {
    const socket = join(server.dataDir, "unstuck.sock");
    const connect = `require("node:net").connect(${JSON.stringify(socket)}).on("connect", () => console.log("in")).on("error", (e) => console.log(e.code))`;
    const script = join(folder, "connect.cjs");
    writeFileSync(script, connect);
    const node = join(folder, "node");
    if (!existsSync(node)) linkOrCopy(process.execPath, node);
    expect(await logOf(await run("socket", `"${node}" connect.cjs`))).toBe("EACCES\n");
  });

  test.each(["ln -s", "ln"])("cannot hand over a file of root's as its progress, by %s", async (link) => {
    const job = `progress-${link.length}`;
    const target = join(closed, "secret.json");
    chmodSync(closed, 0o711);
    const script = `${link} '${target}' "$UNSTUCK_PROGRESS_FILE"; echo ready; sleep 600`;
    await op.makeJob(job, ["sh", "-c", script], { runAs: OTHER, cwd: folder });
    const { id } = await op.startReady(job);
    const file = join(server.dataDir, "_run-as", OTHER, "_runs", id, "progress.json");
    // Where hard links to others' files are refused, root makes it, as an older kernel would have let the user.
    if (link === "ln" && !existsSync(file)) linkSync(target, file);
    expect(JSON.parse(readFileSync(file, "utf8")), "it leads there").toMatchObject({ extracted: 999 });
    await op.stop(job);
    // At its end it is read whatever it looks like.
    expect((await op.over(id)).progress).toBeNull();
    chmodSync(closed, 0o700);
  });

  test("cannot have root read a checkpoint that it may not read", async () => {
    const ended = await run("checkpoint", `ln -sfn '${closed}' way; exit 1`, {
      checkpoint: "way/secret.json",
    });
    const said = JSON.stringify([
      ended,
      await op.events(ended.id),
      await server.api("POST", "/api/v1/jobs/checkpoint/precheck"),
    ]);
    expect(said).not.toContain(ROOTS);
    expect(said).not.toContain("resumable");
  });

  test("cannot have root move, empty or delete what is not its own", async () => {
    mkdirSync(join(closed, "state"), { recursive: true });
    writeFileSync(join(closed, "state/page.json"), "{}");
    const before = readdirSync(closed, { recursive: true }).sort();
    const ended = await run("moves", `ln -sfn '${closed}' there; exit 1`, { checkpoint: "there/state" });
    await deleted(ended.job);
    expect(readdirSync(closed, { recursive: true }).sort()).toEqual(before);
  });

  test("cannot have root delete through a link in the folder of a lineage", async () => {
    const script = `mkdir -p "$(dirname "$CRAWLEE_STORAGE_DIR")"; ln -s '${closed}' "$CRAWLEE_STORAGE_DIR"; ln -s '${closed}' "$(dirname "$CRAWLEE_STORAGE_DIR")/x"; ln -s '${closed}' "$(dirname "$UNSTUCK_PROGRESS_FILE")/x"`;
    const before = readdirSync(closed, { recursive: true }).sort();
    const ended = await run("lineage", script, { kind: "crawlee" });
    await deleted("lineage");
    expect(existsSync(join(server.dataDir, "_run-as", OTHER, "lineage/lineages", ended.id))).toBe(false);
    await until(
      "its progress folder is gone",
      () => !existsSync(join(server.dataDir, "_run-as", OTHER, "_runs", ended.id)),
    );
    expect(readdirSync(closed, { recursive: true }).sort()).toEqual(before);
  });

  test("cannot put root's programs in its own place by PATH, LD_PRELOAD or a variable of the shell", async () => {
    const evil = join(folder, "evil");
    mkdirSync(evil);
    const trap = join(folder, "as-root");
    for (const name of [
      "setpriv",
      "sh",
      "cat",
      "rm",
      "nice",
      "env",
      "dd",
      "mv",
      "sleep",
      "setsid",
      "mkfifo",
    ]) {
      writeFileSync(
        join(evil, name),
        `#!/bin/sh\n[ "$(/usr/bin/id -u)" != 0 ] || /usr/bin/touch '${trap}'\nexec /bin/${name} "$@"\n`,
        { mode: 0o755 },
      );
    }
    writeFileSync(join(evil, "rc"), `[ "$(/usr/bin/id -u)" != 0 ] || /usr/bin/touch '${trap}'\n`);
    const env = {
      PATH: `${evil}:/usr/bin:/bin`,
      ENV: join(evil, "rc"),
      BASH_ENV: join(evil, "rc"),
      LD_LIBRARY_PATH: evil,
      IFS: "/",
    };
    const ended = await run("path", "id -u", { env, limits: { nice: 5 }, logVia: "pipe" });
    expect(await logOf(ended)).toContain(`${uid}\n`);
    expect(existsSync(trap)).toBe(false);
  });

  describe("by its pid file", () => {
    const victims: Child[] = [];
    afterEach(async () => {
      for (const victim of victims.splice(0)) await endChild(victim);
    });

    test("cannot have another user's process ended, nor its start held back by it without a word", async () => {
      const victim = startChild("sleep", ["600"]);
      victims.push(victim);
      await op.makeJob("pids", ["true"], { runAs: OTHER, cwd: folder, pidFile: "pids.pid" });
      const file = join(folder, "pids.pid");
      writeFileSync(file, `${victim.pid}\n`);
      chownSync(file, uid, gid);
      const stopped = await server.api("POST", "/api/v1/jobs/pids/stop", {});
      expect(stopped.status).toBeGreaterThanOrEqual(400);
      const reset = await server.api("POST", "/api/v1/jobs/pids/reset", { force: true });
      expect(isRunning(victim.pid), JSON.stringify(reset.body)).toBe(true);
      const start = await server.api("POST", "/api/v1/jobs/pids/start", {});
      expect(start).toMatchObject({ status: 409, body: { code: "PID_FILE_REFUSED" } });
      expect(start.body.detail).toContain(`the job runs as ${OTHER}`);
      expect(isRunning(victim.pid)).toBe(true);
    });

    test("is asked to end a process of its own, which is what the file is for", async () => {
      const own = startChild("setpriv", [
        `--reuid=${uid}`,
        `--regid=${gid}`,
        "--clear-groups",
        "--",
        "sleep",
        "600",
      ]);
      victims.push(own);
      await until("it is that user's", () => statSync(`/proc/${own.pid}`).uid === uid);
      await op.makeJob("own-pids", ["true"], {
        runAs: OTHER,
        cwd: folder,
        pidFile: "own.pid",
        timeouts: { stopGraceMs: 2_000 },
      });
      writeFileSync(join(folder, "own.pid"), `${own.pid}\n`);
      chownSync(join(folder, "own.pid"), uid, gid);
      await op.call("POST", "/api/v1/jobs/own-pids/stop", 202, {});
      await until("it has ended", () => !isRunning(own.pid));
    });

    test("cannot have root write or remove a file elsewhere", async () => {
      chmodSync(closed, 0o711);
      symlinkSync(closed, join(folder, "elsewhere"));
      const before = readdirSync(closed, { recursive: true }).sort();
      await op.makeJob("pid-links", ["sleep", "600"], {
        runAs: OTHER,
        cwd: folder,
        pidFile: "elsewhere/x.pid",
      });
      const answer = await server.api("POST", "/api/v1/jobs/pid-links/start", {});
      expect(answer).toMatchObject({ status: 409, body: { code: "PID_FILE_REFUSED" } });
      expect(readdirSync(closed, { recursive: true }).sort()).toEqual(before);
      chmodSync(closed, 0o700);
    });
  });

  describe("by a variable whose value lies in a file", () => {
    const printing = (job: string, path: string) =>
      op.makeJob(job, ["sh", "-c", 'echo "$VALUE"'], {
        runAs: OTHER,
        cwd: folder,
        envFrom: { VALUE: `file:${path}` },
      });

    test("gets nothing that root alone may read, wherever a folder or link of its own leads", async () => {
      symlinkSync(join(closed, "secret.json"), join(folder, "link"));
      symlinkSync(closed, join(folder, "way-in"));
      linkSync(join(closed, "secret.json"), join(folder, "hard"));
      for (const [at, path] of ["link", "way-in/secret.json", "hard"].entries()) {
        await printing(`value-${at}`, join(folder, path));
        const ended = await op.over((await op.start(`value-${at}`)).id);
        expect(ended, path).toMatchObject({ state: "failed", cause: "launch_failed" });
        expect(JSON.stringify([ended, await logOf(ended).catch(() => "")])).not.toContain(ROOTS);
      }
    });

    test("gets what the admin keeps in a file that only root may change", async () => {
      const kept = "/run/unstuck-test-kept";
      mkdirSync(kept, { mode: 0o700 });
      try {
        writeFileSync(join(kept, "v1"), "kept by root\n", { mode: 0o600 });
        symlinkSync("v1", join(kept, "value"));
        await printing("kept", join(kept, "value"));
        expect(await logOf(await op.over((await op.start("kept")).id))).toBe("kept by root\n");
      } finally {
        rmSync(kept, { recursive: true });
      }
    });
  });

  test("can end what reads its files, and only its own jobs notice", async () => {
    await run("helpers", "echo hello >state.txt", { checkpoint: "state.txt" });
    const theirs = () =>
      readdirSync("/proc").filter((name) => /^\d+$/.test(name) && isFileHelper(Number(name), server.dataDir));
    expect(theirs().length).toBeGreaterThan(0);
    const killing = `for pid in ${theirs().join(" ")}; do kill -9 $pid && echo killed; done; true`;
    expect(await logOf(await run("kills", killing))).toContain("killed");
    const again = await run("after", "true", { checkpoint: "state.txt" });
    expect(again.state).toBe("completed");
  });

  /** All runs of a job with all they have left. */
  async function deleted(job: string): Promise<void> {
    // Its newest run stays.
    await op.over((await op.start(job, { mode: "fresh" })).id);
    const { id } = await op.call("POST", "/api/v1/deletion/plans", 201, { job, olderThanHours: 0 });
    await op.call("POST", `/api/v1/deletion/plans/${id}/apply`, 202, { confirm: job, reason: "Attack." });
    const state = async () => (await op.call("GET", `/api/v1/cleanup/plans/${id}`, 200)).state;
    await until("it is done", async () => (await state()) !== "applying");
    expect(await state()).toBe("applied");
  }
});

function isFileHelper(pid: number, dataDir: string): boolean {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, "latin1").split("\0");
    return command.some((word) => word.startsWith(`${dataDir}/_launchers/files-`)) && command.includes(OTHER);
  } catch {
    return false;
  }
}

function linkOrCopy(from: string, to: string): void {
  writeFileSync(to, readFileSync(from), { mode: 0o755 });
}
