import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { isRunning } from "../../processes";
import { isFinal, readRows } from "./database";
import { membersOfRuns } from "./tree";
import { differences } from "./truth";
import { demand } from "./violation";
import { ask, bootServer, type World } from "./world";

/** What must become true by itself when nothing happens any more. */

const LOOK_EVERY_MS = 50;
/** The promise is 2 s; a machine that does other things is given more, and what it took is reported. */
const TRUTH_GUARD_MS = 45_000;
const CALM_GUARD_MS = 90_000;

/** Nothing is done until database and processes say the same. */
export async function settle(world: World): Promise<boolean> {
  const began = performance.now();
  let left = differences(world.folder, world.database);
  while (left.length > 0) {
    const took = performance.now() - began;
    demand(took < TRUTH_GUARD_MS, () => `after ${Math.round(took)} ms of quiet: ${left.join("; ")}`);
    await wait(LOOK_EVERY_MS);
    await aliveServer(world);
    left = differences(world.folder, world.database);
  }
  world.tally.truth(performance.now() - began);
  return true;
}

/** Everything is stopped; then nothing at all may be left: no process, no lock in the database, none in the kernel. */
export async function calm(world: World): Promise<boolean> {
  const began = performance.now();
  for (;;) {
    await aliveServer(world);
    await ask(world, "POST", "/api/v1/stop-all", { graceMs: 0 });
    const { runs, locks } = readRows(world.database, Number.MAX_SAFE_INTEGER);
    const left = [
      ...[...runs.values()]
        .filter((run) => !isFinal(run))
        .map((run) => `${run.id} (${run.jobId}) is ${run.state}`),
      ...locks.map(({ name, runId }) => `${name} is held by ${runId}`),
      ...membersOfRuns(world.folder).map(
        ({ pid, runId, command }) => `process ${pid} (${command}) of ${runId} lives`,
      ),
    ];
    if (left.length === 0) break;
    const took = performance.now() - began;
    demand(
      took < CALM_GUARD_MS,
      () => `${Math.round(took)} ms after everything was stopped: ${left.join("; ")}`,
    );
    await wait(LOOK_EVERY_MS);
  }
  for (const name of readdirSync(world.folder).filter((one) => one.endsWith(".lock"))) {
    const { status } = spawnSync("flock", ["-n", join(world.folder, name), "true"]);
    demand(
      status === 0,
      () => `everything is over, but a process that nobody finds holds the kernel's lock ${name}`,
    );
  }
  return true;
}

/** A server dies only when it is killed, or at the fault point it was armed with; then the next one is started. */
export async function aliveServer(world: World): Promise<void> {
  if (isRunning(world.server.pid)) return;
  demand(world.armed !== null, () => "the server ended although nobody ended it");
  world.tally.kill(`fault ${world.armed}`);
  world.armed = null;
  await bootServer(world);
}
