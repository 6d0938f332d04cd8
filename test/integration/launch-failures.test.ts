import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { processesOfRun } from "../processes";
import { program } from "../programs";
import { cleanUp, startServer, type TestServer } from "../server";

let server: TestServer;
let op: Operator;

beforeAll(async () => {
  server = await startServer();
  op = operator(server);
});
afterEach(() => op.endAll());
afterAll(cleanUp);

/** Queues a run behind a shared lock, changes the world, and lets it go on. */
async function launchAfter(job: string, argv: string[], more: Record<string, unknown>, change: () => void) {
  const holder = await op.runningJob(`${job}-holder`, program("forever"), { locks: [job] });
  await op.makeJob(job, argv, { ...more, locks: [job] });
  const { id } = await op.start(job);
  change();
  await op.stop(holder.job);
  return op.over(id);
}

test("B10 a working folder that vanished while the run waited is a failed start that names it", async () => {
  const cwd = join(op.cwd, "vanishes");
  mkdirSync(cwd);
  const run = await launchAfter("no-cwd", program("forever"), { cwd }, () =>
    rmSync(cwd, { recursive: true }),
  );
  expect(run).toMatchObject({
    state: "failed",
    cause: "launch_failed",
    pid: null,
    startedAt: null,
    exitCode: null,
  });
  expect(run.reason).toMatch(/^Failed to start: .*working folder/);
  expect(run.reason).toContain(cwd);
  expect(processesOfRun(run.id)).toEqual([]);
});

test("B10 a program that vanished while the run waited is a failed start that names it", async () => {
  const script = executable("vanishing", "#!/bin/sh\nexit 0\n");
  const run = await launchAfter("no-program", [script], {}, () => rmSync(script));
  expect(run).toMatchObject({ state: "failed", cause: "launch_failed", exitCode: null });
  expect(run.reason).toContain(`Failed to start: The command "${script}" was not found`);
});

test("B10 after a failed start the job starts again at once, and its lock is free", async () => {
  const cwd = join(op.cwd, "comes-back");
  mkdirSync(cwd);
  const failed = await launchAfter("comes-back", program("exits-with", 0), { cwd }, () =>
    rmSync(cwd, { recursive: true }),
  );
  expect(failed).toMatchObject({ state: "failed", cause: "launch_failed" });
  mkdirSync(cwd);
  expect(await op.over((await op.start("comes-back")).id)).toMatchObject({ state: "completed" });
});

test("a script whose interpreter is missing fails with the shell's 127 and a log that says why", async () => {
  const script = executable("no-interpreter", "#!/no/such/interpreter\n");
  await op.makeJob("no-interpreter", [script]);
  const run = await op.over((await op.start("no-interpreter")).id);
  expect(run).toMatchObject({ state: "failed", cause: "exit", exitCode: 127 });
  expect(await op.log(run.id)).toContain("not found");
});

test("a file that is no program at all fails, and nothing of it is left", async () => {
  const file = executable("not-a-program", "\u007fELF but not really");
  await op.makeJob("not-a-program", [file]);
  const run = await op.over((await op.start("not-a-program")).id);
  expect(run.state).toBe("failed");
  expect(run.exitCode).toBeGreaterThanOrEqual(126);
  expect(processesOfRun(run.id)).toEqual([]);
});

test("a relative command is looked for in the job's folder and a bare one in PATH", async () => {
  executable("local", "#!/bin/sh\necho from the folder\n");
  await op.makeJob("relative", ["./local"]);
  await op.makeJob("bare", ["env"]);
  await op.makeJob("own-path", ["local"], { env: { PATH: `${op.cwd}:/usr/bin:/bin` } });
  for (const job of ["relative", "bare", "own-path"])
    expect(await op.over((await op.start(job)).id)).toMatchObject({ state: "completed" });
});

function executable(name: string, content: string): string {
  const path = join(op.cwd, name);
  writeFileSync(path, content);
  chmodSync(path, 0o755);
  return path;
}
