import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { aJob, aQueuedRun } from "@/test/factories";
import { forAllUsers } from "@/test/file-access";
import { temporaryFolder } from "@/test/folders";
import { processesOfRuns } from "@/test/processes";
import { someRecords } from "@/test/some-records";
import { supervisorPorts } from "@/test/supervisor-ports";
import { until } from "@/test/until";
import { readClaim, runFiles } from "../files/run-files";
import { spawnDirectly } from "../launch/spawn-directly";
import { openSpawnHelper } from "../launch/spawn-helper";
import { createSupervisor } from "../supervisor";
import type { Spawner } from "../watch/spawner";

/** Something that is let happen later. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

/**
 * A supervisor with one run, whose program says in a file each time it begins, and what its launchers are started by.
 * @param launcher a script in the place of launcher.sh
 * @param folderAnswers when its working folder can be looked at
 */
async function starting(
  spawner: Spawner,
  launcher?: string,
  folderAnswers: Promise<void> = Promise.resolve(),
) {
  const folder = temporaryFolder();
  const begun = join(folder, "begun");
  const run = aQueuedRun(aJob({ argv: ["/bin/sh", "-c", `echo begun >>${begun}`], cwd: folder }));
  const { records, rows } = someRecords(run);
  const ports = supervisorPorts(folder, records);
  const script = join(folder, "launcher.sh");
  if (launcher !== undefined) writeFileSync(script, launcher);
  const own = () => processesOfRuns((marker) => marker === `${run.id}.${run.token}`);
  const atItsEnd: number[] = [];
  const supervisor = createSupervisor({
    ...ports,
    spawner,
    paths: launcher === undefined ? ports.paths : { ...ports.paths, launcher: script },
    files: forAllUsers({
      ...ports.files.own,
      real: async (path) => {
        await folderAnswers;
        return ports.files.own.real(path);
      },
    }),
    onEnded: () => atItsEnd.push(own().length),
  });
  onTestFinished(() => supervisor.shutdown());
  await supervisor.start();
  const now = () => rows.get(run.id);
  return {
    supervisor,
    own,
    now,
    begun: () => (existsSync(begun) ? readFileSync(begun, "utf8") : ""),
    over: () => until("the run is over", () => (now()?.endedAt == null ? null : now())),
    isRevoked: () => readClaim(runFiles(ports.paths.runs, ports.paths.exits, run.id))?.by === "revoked",
    /** How many processes of it were there when it was said to be over. */
    atItsEnd,
    stop: async () => {
      await records.apply(run.id, { type: "stop_requested", cause: "stop", graceMs: 0, reason: null });
      supervisor.nudge(run.id);
    },
    looks: async () => {
      for (let looks = 0; looks < 20; looks += 1) await ports.processes.list();
    },
  };
}

/** Carries out what it was told when it may, whatever has become of the run since; as a helper does. */
function slow() {
  const [ordered, may] = [gate(), gate()];
  const spawner: Spawner = async (order) => {
    ordered.open();
    await may.opened;
    return spawnDirectly({ ...order, isGivenUp: () => false });
  };
  return { spawner, ordered: ordered.opened, carryOut: may.open };
}

test("a stopped run is not over while a launcher may yet come, nor before one that has come is gone", async () => {
  const { spawner, ordered, carryOut } = slow();
  const late = await starting(spawner, 'until [ -e "$1/claim" ]; do sleep 0.01; done; sleep 0.1; exit 125');
  await ordered;
  await late.stop();
  await until("its claim is taken", late.isRevoked);
  await late.looks();
  expect(late.now()).toMatchObject({ state: "stopping" });
  carryOut();
  expect(await late.over()).toMatchObject({ state: "stopped", cause: "stop" });
  expect(late.atItsEnd).toEqual([0]);
  expect(late.begun()).toBe("");
});

test("a run that was stopped, and is over, while its folder did not answer is not launched when it does", async () => {
  const folder = gate();
  const givenUp: boolean[] = [];
  const spawner: Spawner = async (order) => {
    givenUp.push(order.isGivenUp());
    return spawnDirectly(order);
  };
  const given = await starting(spawner, undefined, folder.opened);
  await until("it is being launched", () => given.now()?.state === "starting");
  await given.stop();
  expect(await given.over()).toMatchObject({ state: "stopped" });
  folder.open();
  await given.supervisor.shutdown();
  expect(givenUp).toEqual([true]);
  expect(given.own()).toEqual([]);
});

test("a dashboard that goes down leaves an order behind that nobody answers, and starts nothing itself any more", async () => {
  const [asked, answer] = [gate(), gate()];
  const given = await starting(async (order) => {
    asked.open();
    await answer.opened;
    return spawnDirectly(order);
  });
  await asked.opened;
  await given.supervisor.shutdown();
  expect(given.now()).toMatchObject({ state: "starting" });
  answer.open();
  await given.looks();
  expect(given.begun()).toBe("");
});

test("a dashboard that goes down while a stop waits for an answer leaves that stop to the next", async () => {
  const { spawner, ordered, carryOut } = slow();
  const given = await starting(spawner);
  await ordered;
  await given.stop();
  await until("its claim is taken", given.isRevoked);
  await given.supervisor.shutdown();
  expect(given.now()).toMatchObject({ state: "stopping" });
  carryOut();
  await until("its launcher has come and gone", () => given.own().length === 0);
  expect(given.begun()).toBe("");
});

/** A helper that is killed with its first order begun, having done this. */
function helperThat(does: string): Spawner {
  const script = join(temporaryFolder(), "helper.mjs");
  writeFileSync(
    script,
    `import { spawn } from "node:child_process";
    import { writeSync } from "node:fs";
    const say = (value) => writeSync(1, JSON.stringify(value) + "\\n");
    process.stdin.on("data", (text) => {
      const { id, command: [shell, ...args], env } = JSON.parse(text);
      say({ id, begun: true });
      ${does}
      process.kill(process.pid, "SIGKILL");
    });
    say({ ready: true });`,
  );
  const helper = openSpawnHelper(script, { warn: () => undefined });
  onTestFinished(helper.close);
  return async (order) => {
    await until("there is a helper", () => helper.pid());
    return helper.spawner(order);
  };
}

test("a helper killed before it has forked: its run fails and says why, and is not started by another", async () => {
  const given = await starting(helperThat(""));
  expect(await given.over()).toMatchObject({
    state: "failed",
    cause: "launch_failed",
    reason: expect.stringContaining("was ended while it started this one"),
  });
  expect(given.begun()).toBe("");
  expect(given.own()).toEqual([]);
});

test("a helper killed after it has forked: the run runs once, however late its launcher is, and ends as its program does", async () => {
  const launcher = `sleep 0.3\n${readFileSync("lib/supervisor/launch/launcher.sh", "utf8")}`;
  const fork = 'spawn(shell, args, { env, cwd: "/", detached: true, stdio: "ignore" });';
  const given = await starting(helperThat(fork), launcher);
  expect(await given.over()).toMatchObject({ state: "completed" });
  expect(given.begun()).toBe("begun\n");
});
