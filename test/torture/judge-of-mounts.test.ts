import { writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test, vi } from "vitest";
import { temporaryFolder } from "../folders";
import type { ApiAnswer } from "../server";
import type { Chance } from "./model/chance";
import { hangMount } from "./model/hung-mount";
import { invariants } from "./model/invariants";
import { makeSubjects } from "./model/subjects";
import { tally } from "./model/tally";
import type { World } from "./model/world";

/** What the torture test demands while a mount hangs, asked of servers that are made up. */

/** The first of everything: the mount hangs for a second, and the server stays. */
const FIRST: Chance = { below: () => 0, often: () => true, pick: ([item]) => item as never };

type Answering = (
  path: string,
  mountAnswers: Promise<void>,
) => Partial<ApiAnswer> | Promise<Partial<ApiAnswer>>;

/** A mount that is only said to hang, and a server that answers as it is told. */
function aWorld(answering: Answering): World {
  const folder = temporaryFolder();
  const database = join(folder, "unstuck.db");
  new Database(database)
    .exec(`CREATE TABLE Run (id, jobId, state, version, cause, reason, exitCode, signal, pid, launcherPid, queuedAt, startedAt,
      endedAt, activeKey, spec); CREATE TABLE Lock (name, runId); CREATE TABLE RunEvent (id, runId, type, data)`)
    .close();
  writeFileSync(join(folder, "journal"), "");
  let answer: () => void = () => undefined;
  const mountAnswers = new Promise<void>((resolve) => (answer = resolve));
  const path = join(folder, "mount");
  const server: World["server"] = {
    origin: "",
    pid: process.pid,
    dataDir: folder,
    output: () => "",
    api: async (_method, asked) => ({
      status: 200,
      body: null,
      headers: new Headers(),
      ...(await answering(asked, mountAnswers)),
    }),
    kill: async () => undefined,
    stop: async () => 0,
    gone: new Promise(() => undefined),
  };
  const hangs = { hang: () => undefined, hangFor: () => undefined, hangs: () => true };
  return {
    folder,
    dataDir: folder,
    database,
    clockFile: join(folder, "clock"),
    ownDisk: false,
    mount: { path, behind: folder, ...hangs, answer, end: async () => undefined },
    noMount: null,
    subjects: makeSubjects(16, folder),
    truths: invariants(folder, database, join(folder, "journal")),
    tally: tally(),
    server,
    armed: null,
    clockOffsetMs: 0,
    bystander: null,
  };
}

test("CR-6.1 a server that answers while a mount hangs is accepted, and its answers are counted", async () => {
  const world = aWorld(() => ({}));
  expect(await hangMount(world, FIRST)).toBe(true);
  expect(world.tally.counts.besideMount).toBeGreaterThanOrEqual(3);
});

test("CR-6.1 a server that answers only when the mount does is seen", async () => {
  const world = aWorld(async (path, mountAnswers) => {
    if (path === "/api/v1/status") await mountAnswers;
    return {};
  });
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  let seen: unknown = null;
  try {
    void hangMount(world, FIRST).catch((error: unknown) => (seen = error));
    // The questions before that one take real time, which is not that of the guards.
    const deadline = performance.now() + 60_000;
    while (seen === null && performance.now() < deadline) await vi.advanceTimersByTimeAsync(1_000);
  } finally {
    vi.useRealTimers();
  }
  expect(String(seen)).toMatch(/GET \/api\/v1\/status .* took longer than \d+ ms/);
});

test("CR-6.1 a job that lies on no mount and is refused because of one is seen", async () => {
  const world = aWorld((path) =>
    path.endsWith("00-forever/start") ? { status: 503, body: { code: "PATH_NOT_ANSWERING" } } : {},
  );
  await expect(hangMount(world, FIRST)).rejects.toThrow(
    /00-forever lies on no mount, and its start was refused/,
  );
});

test("where no mount can hang there is nothing to do", async () => {
  const world: World = { ...aWorld(() => ({})), mount: null, noMount: "mounting needs root" };
  expect(await hangMount(world, FIRST)).toBe(false);
});
