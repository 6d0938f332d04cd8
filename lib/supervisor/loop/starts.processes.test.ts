import { existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { aJob, aQueuedRun, jobId } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";
import { someProcesses } from "@/test/some-processes";
import { someRecords } from "@/test/some-records";
import { supervisorPorts } from "@/test/supervisor-ports";
import { until } from "@/test/until";
import { createSupervisor } from "../supervisor";

test("CR-6.13 a run that cannot be claimed holds up none of those behind it", async () => {
  const folder = temporaryFolder();
  const argv = [`${folder}/not-there`];
  const [first, second] = ["a", "b"].map((id) => aQueuedRun(aJob({ id: jobId(id), argv, cwd: folder })));
  if (first === undefined || second === undefined) throw new Error("Two were made.");
  const { records, rows } = someRecords(first, second);
  const claim: typeof records.claim = async (id, event) => {
    if (id === first.id) throw new Error("database is locked");
    return records.claim(id, event);
  };
  const supervisor = createSupervisor(
    supervisorPorts(folder, { ...records, claim }, { processes: someProcesses([]) }),
  );
  await supervisor.start();
  await until("the second was tried", () => rows.get(second.id)?.state === "failed");
  expect(rows.get(first.id)?.state).toBe("queued");
  await supervisor.shutdown();
});

/** A supervisor whose launcher is this script, with one run to start. */
async function startedBy(script: string) {
  const folder = temporaryFolder();
  const run = aQueuedRun(aJob({ argv: ["/bin/true"], cwd: folder }));
  const { records, rows } = someRecords(run);
  const ports = supervisorPorts(folder, records);
  const launcher = join(folder, "launcher.sh");
  writeFileSync(launcher, script);
  const supervisor = createSupervisor({ ...ports, paths: { ...ports.paths, launcher } });
  onTestFinished(() => supervisor.shutdown());
  await supervisor.start();
  const now = () => rows.get(run.id);
  return { run, now, supervisor, going: join(folder, "runs", run.id, "go") };
}

test("a run that is being launched is not called gone", async () => {
  const { run, now, supervisor, going } = await startedBy(
    'until [ -e "$1/go" ]; do sleep 0.05; done; exit 125',
  );
  await until("its launcher runs", () => now()?.state === "starting" && existsSync(dirname(going)));
  expect(await supervisor.proveGone(run.id)).toEqual({ found: "launching" });
  writeFileSync(going, "");
  await until("its launcher has ended", () => now()?.state === "failed");
});

test("a start of which it cannot be told whether it began is not called one that failed", async () => {
  // A claim that cannot be read, by a launcher that ended at once.
  const { now } = await startedBy('mkdir "$1/claim"; exit 125');
  const ended = await until("it is over", () => (now()?.endedAt === null ? null : now()));
  expect(ended).toMatchObject({ state: "interrupted", cause: expect.not.stringMatching("launch_failed") });
});
