import { readdirSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { isNotAnswering } from "@/lib/domain/files";
import { temporaryFolder } from "@/test/folders";
import { makeDisk } from "@/test/frozen-disk";
import { hangingMount, noHangingMount } from "@/test/hanging-mount";
import { isRunning, kill, stateOf } from "@/test/processes";
import { until } from "@/test/until";
import { type FileAccess, openFiles } from "./files";

const NO_MOUNT = noHangingMount();
const why = NO_MOUNT === null ? "" : ` [skipped: ${NO_MOUNT}]`;
const TIMEOUT_MS = 300;

const DISK = makeDisk();
const noDisk = typeof DISK === "string" ? ` [skipped: ${DISK}]` : "";
afterAll(() => typeof DISK === "string" || DISK.remove());

const opened: FileAccess[] = [];
afterEach(async () => {
  for (const { pool } of opened.splice(0)) {
    const pids = pool.pids();
    pool.close();
    await until("its processes are gone", () => !pids.some(isRunning));
  }
});

type Opened = Pick<FileAccess, "pool"> & { readonly files: FileAccess["files"]["own"] };

function open(changes: Partial<Parameters<typeof openFiles>[0]> = {}): Opened {
  const script = join(import.meta.dirname, "child/main.mjs");
  const log = { warn: () => undefined };
  const access = openFiles({
    script,
    timeoutMs: TIMEOUT_MS,
    ownFolder: "/nowhere",
    log,
    me: null,
    ...changes,
  });
  opened.push(access);
  return { pool: access.pool, files: access.files.own };
}

/** What an attempt throws. */
async function failure(
  attempt: Promise<unknown>,
): Promise<{ code?: string; details?: unknown; message: string }> {
  return attempt.then(
    () => ({ message: "it did not fail" }),
    (error: unknown) => error as Error,
  );
}

async function msOf(attempt: Promise<unknown>): Promise<number> {
  const began = performance.now();
  await attempt;
  return performance.now() - began;
}

describe(`CR-6.1 a mount that does not answer${why}`, { skip: NO_MOUNT !== null }, () => {
  test("is a fact after the time-out, fails without waiting from then on, and is asked again until it answers", async () => {
    const { files, pool } = open();
    const mount = await hangingMount();
    const path = join(mount.path, "mounted");
    expect(await files.look(path)).toMatchObject({ kind: "file" });
    mount.hang();
    expect(await failure(files.look(path))).toMatchObject({
      code: "PATH_NOT_ANSWERING",
      details: { path, hangsAt: mount.path, withinMs: TIMEOUT_MS },
    });
    const all = Promise.all(Array.from({ length: 50 }, (_, n) => failure(files.look(`${path}${n}`))));
    expect(await msOf(all)).toBeLessThan(TIMEOUT_MS);
    expect((await all).every(isNotAnswering)).toBe(true);
    expect(pool.pids(), "one process waits for it, whoever asks").toHaveLength(1);
    mount.answer();
    await until("it answers again", () => pool.hanging().length === 0);
    expect(await files.look(path)).toMatchObject({ kind: "file" });
  });

  test("holds up no other one, also where a link leads to it", async () => {
    const { files, pool } = open();
    const mount = await hangingMount();
    const folder = temporaryFolder();
    symlinkSync(mount.path, join(folder, "link"));
    writeFileSync(join(folder, "near"), "");
    await until("the mount is known", () => pool.mountOf(mount.path) === mount.path);
    mount.hang();
    const paths = [join(folder, "link/mounted"), join(folder, "near"), join(mount.path, "mounted")];
    const [linked, near, far] = await files.survey(paths);
    expect([isNotAnswering(linked), near, isNotAnswering(far)]).toEqual([
      true,
      expect.objectContaining({ kind: "file" }),
      true,
    ]);
    expect(pool.hanging().map(({ key }) => key)).toEqual([mount.path]);
    const [again, stillNear] = await files.survey(paths);
    expect([isNotAnswering(again), stillNear]).toEqual([true, expect.objectContaining({ kind: "file" })]);
    expect((await failure(files.behind([join(folder, "link")]))).code).toBe("PATH_NOT_ANSWERING");
    expect(pool.pids()).toHaveLength(2);
    mount.answer();
  });

  test("is waited for by a process that holds nothing of ours", async () => {
    const { files, pool } = open();
    const mount = await hangingMount();
    mount.hang();
    expect((await failure(files.look(join(mount.path, "mounted")))).code).toBe("PATH_NOT_ANSWERING");
    const [pid = 0] = pool.pids();
    const held = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
    const foreign = held.filter((target) => !/^(socket:|pipe:|anon_inode:|\/dev\/null$)/.test(target));
    expect(foreign, "besides its own two pipes and what Node opens").toEqual([]);
    expect(held.filter((target) => target.startsWith("socket:"))).toHaveLength(2);
    expect(readlinkSync(`/proc/${pid}/cwd`)).toBe("/");
    mount.answer();
  });

  test("gets no write that was given up: what is done later was never promised", async () => {
    const { files, pool } = open();
    const mount = await hangingMount();
    mount.hang();
    const from = join(mount.path, "mounted");
    expect((await failure(files.rename([[from, `${from}.aside`]]))).code).toBe("PATH_NOT_ANSWERING");
    mount.answer();
    await until("it answers again", () => pool.hanging().length === 0);
    expect(await files.look(from)).toMatchObject({ kind: "file" });
    expect(readdirSync(mount.behind)).toEqual(["mounted"]);
  });

  test("costs a bounded number of processes, and beyond that is refused", async () => {
    const { files, pool } = open({ ownFolder: "/", timeoutMs: 100 });
    const mount = await hangingMount();
    mount.hang();
    // Its mount is never to blame here, so that each path is a new one.
    for (let n = 0; n < 20; n += 1)
      expect((await failure(files.look(join(mount.path, `${n}`)))).code).toBe("PATH_NOT_ANSWERING");
    expect(pool.pids().length).toBeLessThanOrEqual(12);
    mount.answer();
    await until("all answer again", () => pool.hanging().length === 0);
    expect(await files.look(join(mount.path, "mounted"))).toMatchObject({ kind: "file" });
  });
});

describe.skipIf(typeof DISK === "string")(`CR-6.1 a disk that reads and does not write${noDisk}`, () => {
  test("costs one process that cannot be killed, which keeps nobody, and is not written to again before it has gone", async () => {
    if (typeof DISK === "string") return;
    const { files, pool } = open();
    const path = join(DISK.folder, "x.pid");
    const write = () => failure(files.replace(path, `${path}.new`, "12\n", 0o644));
    expect((await write()).message).toBe("it did not fail");
    const [pid = 0] = pool.pids();
    DISK.freeze();
    try {
      expect((await write()).code).toBe("PATH_NOT_ANSWERING");
      await until("it can be read again", async () => (await failure(files.look(path))).code === undefined);
      for (let n = 0; n < 5; n += 1) expect((await write()).code).toBe("PATH_NOT_ANSWERING");
      expect(pool.pids().length, "the one that is stuck, and one that reads").toBeLessThanOrEqual(3);
      expect([pool.pids().includes(pid), stateOf(pid)]).toEqual([true, "D"]);
      pool.close();
    } finally {
      DISK.thaw();
    }
    await until("it goes once it may", () => !isRunning(pid));
  });
});

describe("CR-6.1 the process that reads", () => {
  test("is started when it is needed, serves all who ask, ends when nobody does, and comes again", async () => {
    const { files, pool } = open({ idleMs: 50, timeoutMs: 60_000 });
    expect(pool.pids()).toEqual([]);
    await Promise.all(Array.from({ length: 20 }, () => files.look("/")));
    const [pid = 0] = pool.pids();
    expect(pool.pids()).toHaveLength(1);
    await until("it has ended", () => pool.pids().length === 0 && !isRunning(pid));
    expect(await files.look("/")).toMatchObject({ kind: "folder" });
    expect(pool.pids()).not.toEqual([pid]);
  });

  test("may be killed from outside: what it was to read is read by the next one, and what it was to write is not written twice", async () => {
    const { files, pool } = open({ timeoutMs: 60_000 });
    const killed = async (ask: () => Promise<unknown>) => {
      await files.look("/");
      const [pid = 0] = pool.pids();
      kill(pid, "SIGSTOP");
      const answer = ask();
      kill(pid, "SIGKILL");
      return answer;
    };
    expect(await killed(() => files.look("/etc"))).toMatchObject({ kind: "folder" });
    const told = await failure(killed(() => files.rename([["/nowhere/a", "/nowhere/b"]])));
    expect(told.message).toBe("The process that reads files has ended.");
    expect(await files.look("/etc")).toMatchObject({ kind: "folder" });
  });

  test("that is killed again and again while it reads the same is told to who asked", async () => {
    const { files, pool } = open({ timeoutMs: 60_000 });
    await files.look("/");
    const [first = 0] = pool.pids();
    kill(first, "SIGSTOP");
    const waiting = failure(files.look("/etc"));
    kill(first, "SIGKILL");
    const second = await until("there is another", () => pool.pids().find((pid) => pid !== first));
    kill(second, "SIGKILL");
    expect((await waiting).message).toBe("The process that reads files has ended.");
  });

  test("ignores what a terminal or a service manager sends to everybody, and ends with its parent", async () => {
    const { files, pool } = open();
    await files.look("/");
    const [pid = 0] = pool.pids();
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) kill(pid, signal);
    expect(await files.look("/")).toMatchObject({ kind: "folder" });
    expect(pool.pids()).toEqual([pid]);
  });

  test("that cannot be started is told at once to all who wait", async () => {
    const { files } = open({ script: "/nowhere/main.mjs" });
    const all = await Promise.all([failure(files.look("/")), failure(files.look("/etc"))]);
    expect(all.map(({ message }) => message)).toEqual(
      all.map(() => "The process that reads files has ended."),
    );
  });

  test("that is closed refuses who still asks", async () => {
    const { files, pool } = open();
    const waiting = failure(files.look("/"));
    pool.close();
    expect([(await waiting).code, (await failure(files.look("/"))).code]).toEqual([
      "PATH_NOT_ANSWERING",
      "PATH_NOT_ANSWERING",
    ]);
  });

  test("has no time-out for a machine that is only slow to give it its turn", async () => {
    const { files } = open({ timeoutMs: 100 });
    await files.look("/");
    const looked = files.walk("/usr", { entries: 400_000, perFolder: 400_000 });
    const busyUntil = performance.now() + 300;
    while (performance.now() < busyUntil);
    expect(
      await looked,
      "this process was held up itself, and looks for the answer before it misses it",
    ).toMatchObject({
      late: true,
    });
  });
});
