import { setTimeout as wait } from "node:timers/promises";
import { FAULT_POINTS } from "@/lib/supervisor/files/fault";
import { processesWithCommand } from "../../processes";
import { startServer } from "../../server";
import { until } from "../../until";
import type { Chance } from "./chance";
import { isFinal, type RunRow, readRows } from "./database";
import { someRequests } from "./requests";
import { membersOfRuns } from "./tree";
import { demand } from "./violation";
import { bootServer, serverOptions, type World } from "./world";

/** What hits processes: launchers, programs and the server. Each answers whether there was anything to hit. */

export const hitLauncher = (signal: NodeJS.Signals) => (world: World, chance: Chance) =>
  hitFirst(world, chance, "launcher", signal);

export const hitProgram = (signal: NodeJS.Signals) => (world: World, chance: Chance) =>
  hitFirst(world, chance, chance.pick(["program", "member", "all"]), signal);

/** The chosen job, or the next one that has something to hit. */
function hitFirst(world: World, chance: Chance, target: Target, signal: NodeJS.Signals): boolean {
  const first = chance.below(world.subjects.length);
  const inTurn = [...world.subjects.slice(first), ...world.subjects.slice(0, first)];
  return inTurn.some(({ id }) => hitJob(world, id, target, signal));
}

type Target = "launcher" | "program" | "member" | "all";

function hitJob(world: World, job: string, target: Target, signal: NodeJS.Signals): boolean {
  const run = activeRunOf(world, job);
  if (run === null) return false;
  const pids = targets(world, run, target);
  for (const pid of pids) send(pid, signal);
  return pids.length > 0;
}

function targets(world: World, run: RunRow, target: Target): number[] {
  const members = membersOfRuns(world.folder).filter(({ runId }) => runId === run.id);
  const program = run.pid === null ? [] : [run.pid];
  switch (target) {
    case "launcher":
      // Before its program is known, a launcher's death would hide one that clears its environment: no promise covers that.
      return run.pid === null ? [] : members.filter((member) => member.isLauncher).map(({ pid }) => pid);
    case "program":
      return members.some(({ pid }) => pid === run.pid) ? program : [];
    case "member":
      return members
        .filter(({ isLauncher }) => !isLauncher)
        .slice(-1)
        .map(({ pid }) => pid);
    case "all":
      return members.filter(({ isLauncher }) => !isLauncher).map(({ pid }) => pid);
  }
}

function activeRunOf({ database }: World, job: string): RunRow | null {
  const { runs } = readRows(database, Number.MAX_SAFE_INTEGER);
  return [...runs.values()].find((run) => run.jobId === job && !isFinal(run)) ?? null;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended since the look.
  }
}

/** The helper that starts launchers, be one under way or not. */
export const hitSpawnHelper =
  (signal: NodeJS.Signals) =>
  (world: World): boolean => {
    const helpers = spawnHelpers(world);
    for (const { pid } of helpers) send(pid, signal);
    return helpers.length > 0;
  };

/** Those of dashboards that were killed, too: one that stands still does not notice. */
function spawnHelpers({ folder }: World) {
  return processesWithCommand(`${folder}/data/_launchers/spawner-`);
}

/** Everything that stands still goes on. */
export async function wakeAll(world: World): Promise<boolean> {
  const members = [...membersOfRuns(world.folder), ...spawnHelpers(world)];
  for (const { pid } of members) send(pid, "SIGCONT");
  return members.length > 0;
}

export async function killServer(world: World, chance: Chance): Promise<boolean> {
  await wait(chance.below(150));
  await world.server.kill();
  world.tally.kill("SIGKILL");
  await whileDown(world, chance);
  await bootServer(world);
  return true;
}

/** The kill comes while requests are under way; what is not answered any more counts as not said. */
export async function killBusyServer(world: World, chance: Chance): Promise<boolean> {
  const under = someRequests(world, chance);
  await wait(chance.below(120));
  await world.server.kill();
  world.tally.kill("SIGKILL, busy");
  await under;
  await whileDown(world, chance);
  await bootServer(world);
  return true;
}

export async function killBootingServer(world: World, chance: Chance): Promise<boolean> {
  await world.server.kill();
  world.tally.kill("SIGKILL");
  const doomed = await startServer({ ...serverOptions(world), ready: false });
  await wait(chance.below(300));
  await doomed.kill();
  world.tally.kill("SIGKILL, booting");
  await bootServer(world);
  return true;
}

export async function terminateServer(world: World, chance: Chance): Promise<boolean> {
  const under = chance.often(0.5) ? someRequests(world, chance) : null;
  const code = await world.server.stop();
  await under;
  const died = world.armed !== null && code === null;
  demand(code === 0 || died, () => `the server ended with ${code} on SIGTERM`);
  world.tally.kill("SIGTERM");
  await whileDown(world, chance);
  await bootServer(world);
  return true;
}

export async function armFault(world: World, chance: Chance): Promise<boolean> {
  const fault = `${chance.pick(FAULT_POINTS)}:${1 + chance.below(3)}`;
  await world.server.kill();
  world.tally.kill("SIGKILL");
  await bootServer(world, fault);
  await someRequests(world, chance);
  return true;
}

export async function freezeServer(world: World, chance: Chance): Promise<boolean> {
  const { pid } = world.server;
  send(pid, "SIGSTOP");
  const under = chance.often(0.5) ? someRequests(world, chance) : null;
  hitSome(world, chance);
  await wait(200 + chance.below(1_500));
  send(pid, "SIGCONT");
  await under;
  return true;
}

/** A second server on the same folder is refused, and takes over when the first one has gone. */
export async function duplicateServer(world: World, chance: Chance): Promise<boolean> {
  const second = await startServer({ ...serverOptions(world), ready: false });
  const health = () => second.api("GET", "/health");
  await until(
    "the second server has made up its mind",
    async () => (await health()).body.supervisor !== "booting",
  );
  const { body } = await health();
  // The first may have died of its fault just now: then the second is right to be there.
  const firstGone = world.armed !== null && body.supervisor === "ready";
  demand(
    firstGone || body.code === "DATA_FOLDER_IN_USE",
    () => `a second server on the folder says ${JSON.stringify(body)}`,
  );
  if (chance.often(0.5) && !firstGone) {
    await second.kill();
    return true;
  }
  const under = someRequests(world, chance);
  await world.server.kill();
  world.tally.kill("SIGKILL, second waits");
  await under;
  await until("the second server has taken over", async () => (await health()).status === 200);
  world.server = second;
  world.armed = null;
  return true;
}

/** The world goes on while nobody looks. */
async function whileDown(world: World, chance: Chance): Promise<void> {
  if (chance.often(0.4)) hitSome(world, chance);
  if (chance.often(0.3)) await wait(chance.below(600));
}

function hitSome(world: World, chance: Chance): void {
  for (const { id } of world.subjects) {
    if (!chance.often(0.25)) continue;
    const target = chance.pick(["launcher", "program", "member", "all"] as const);
    hitJob(world, id, target, chance.pick(["SIGKILL", "SIGTERM"] as const));
  }
}
