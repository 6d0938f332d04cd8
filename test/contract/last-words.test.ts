import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { wallClock } from "@/lib/clock";
import { isFinal, type Run } from "@/lib/domain/run";
import { openStore } from "@/lib/store/open";
import { recordsOf } from "@/lib/store/records";
import { findRun, listRuns } from "@/lib/store/runs";
import type { Store } from "@/lib/store/transaction";
import { createSupervisor, type Supervisor } from "@/lib/supervisor/supervisor";
import { jobId, WORKER } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";
import { supervisorPorts } from "@/test/supervisor-ports";
import { until } from "@/test/until";
import { givenJob, givenQueued } from "./store/given";

/** A real supervisor with real processes and a real database. */
let folder: string;
let store: Store & { close(): Promise<void> };
let supervisor: Supervisor;

beforeEach(async () => {
  folder = temporaryFolder();
  mkdirSync(join(folder, "work"));
  store = await openStore(process.cwd(), join(folder, "unstuck.db"));
});

afterEach(async () => {
  await supervisor.shutdown();
  await store.close();
});

/** Runs of so many jobs, all over. */
async function ran(...commands: (readonly string[])[]): Promise<Run[]> {
  const queued: Run[] = [];
  for (const [index, argv] of commands.entries()) {
    const cwd = join(folder, "work");
    const job = await givenJob(store, { id: jobId(`job-${index}`), argv, cwd, envSecret: ["TOKEN"] });
    queued.push(await givenQueued(store, job.id, {}));
  }
  const secrets = async () => ({ TOKEN: "hunter22" });
  supervisor = createSupervisor(supervisorPorts(folder, recordsOf(store, WORKER, wallClock), { secrets }));
  await supervisor.start();
  await until(
    () => `${queued.map(({ id }) => id)} are over`,
    async () => (await Promise.all(queued.map(ended))).every((run) => run !== null),
  );
  return (await Promise.all(queued.map(ended))).filter((run) => run !== null);
}

async function ended({ id }: Run): Promise<Run | null> {
  const run = await findRun(store, id);
  return run !== null && isFinal(run.state) ? run : null;
}

const say = (words: string, code: number) => ["sh", "-c", `echo "${words}"; exit ${code}`];

test("FR-A14 a run that failed keeps its last words without secrets, one that completed keeps none, equal ones are found, and exit 127 says what is missing", async () => {
  const windows = join(folder, "work/job.sh");
  writeFileSync(windows, "#!/usr/bin/env python3\r\nprint(1)\r\n", { mode: 0o755 });
  const moved = join(folder, "work/moved.sh");
  writeFileSync(moved, "#!/opt/gone/bin/python\nprint(1)\n", { mode: 0o755 });
  const runs = await ran(
    say("ValueError: page 7 refused $TOKEN", 3),
    say("ValueError: page 12 refused $TOKEN", 1),
    say("ValueError: page 7 refused $TOKEN", 0),
    say("page 7", 3),
    [windows],
    [moved],
  );
  const [script, another] = runs.splice(4);
  expect(runs.map(({ state, lastWords, fingerprint }) => [state, lastWords, fingerprint])).toEqual([
    ["failed", "ValueError: page 7 refused [hidden]", "ValueError: page <n> refused [hidden]"],
    ["failed", "ValueError: page 12 refused [hidden]", "ValueError: page <n> refused [hidden]"],
    ["completed", null, null],
    ["failed", null, null],
  ]);
  const filter = { jobId: null, states: null, since: null, until: null, text: null };
  const alike = async (fingerprint: string) =>
    (await listRuns(store, { ...filter, fingerprint }, { before: null, limit: 10 }))
      .map(({ id }) => id)
      .sort();
  expect(await alike("ValueError: page <n> refused [hidden]")).toEqual([runs[0]?.id, runs[1]?.id].sort());
  expect(await alike("ValueError")).toEqual([]);
  // FR-A14: exit 127 names what is missing.
  expect(script).toMatchObject({
    state: "failed",
    exitCode: 127,
    reason: expect.stringMatching(
      /^Exited with code 127\. The first line of .* carriage return.*“python3\\r”/,
    ),
    lastWords: expect.stringContaining("No such file or directory"),
  });
  // Said by the launcher's shell, whose own file is nothing to a reader.
  expect(another).toMatchObject({
    exitCode: 127,
    lastWords: expect.stringMatching(/^\S*moved\.sh: .*not found/),
  });
  expect(another?.lastWords).not.toContain("launcher");
});
