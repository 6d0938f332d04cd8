import { setTimeout as wait } from "node:timers/promises";
import { type LiveProcess, processesWithCommand } from "../../processes";
import type { Chance } from "./chance";
import { isFinal, type RunRow, readRows } from "./database";
import { aliveServer } from "./quiet";
import { someRequests } from "./requests";
import type { Subject } from "./subjects";
import { demand } from "./violation";
import { ask, bootServer, type World } from "./world";

/** A server that waits for the mount itself answers nothing until it is back, which is after all that is done here. */
const ANSWER_GUARD_MS = 10_000;
const STOP_GUARD_MS = 45_000;
const SERVER_GUARD_MS = 90_000;
const READER_GUARD_MS = 20_000;
const LOOK_EVERY_MS = 150;

/**
 * The file server of a mount stands still while requests are under way. Jobs beside it are answered for, started and stopped, and
 * a server can be killed or ended and comes up again. Nothing here may look at the mount: this process would hang, too.
 */
export async function hangMount(world: World, chance: Chance): Promise<boolean> {
  const { mount } = world;
  const onIt = world.subjects.filter(({ onMount }) => onMount);
  const beside = world.subjects.filter(({ onMount, locks }) => !onMount && locks.length === 0);
  if (mount === null || onIt.length === 0 || beside.length === 0) return false;
  const lastsMs = 1_000 + chance.below(7_000);
  const another = chance.pick(beside);
  const how = chance.pick(["stays", "stays", "SIGKILL", "SIGTERM"] as const);
  const under = [someRequests(world, chance)];
  await wait(chance.below(150));
  mount.hang();
  const readers = readersOf(world);
  try {
    const began = performance.now();
    const asked = onIt.filter(() => chance.often(0.5));
    const verb = chance.pick(["start", "start", "stop", "restart"]);
    under.push(...asked.map(({ id }) => ask(world, "POST", `/api/v1/jobs/${id}/${verb}`)));
    await othersGoOn(world, another);
    readers.push(...readersOf(world));
    if (how !== "stays") {
      await endServer(world, how);
      await othersGoOn(world, another);
    }
    while (performance.now() - began < lastsMs) await answered(world, another);
  } finally {
    mount.answer();
    await Promise.all(under);
  }
  if (how !== "stays") await areGone(readers);
  return true;
}

/** A job beside the mount is started and stopped, and both are carried out before the mount is back. */
async function othersGoOn(world: World, another: Subject): Promise<void> {
  await answered(world, another);
  const path = `/api/v1/jobs/${another.id}`;
  const { status, body } = await ask(world, "POST", `${path}/start`);
  demand(
    body?.code !== "PATH_NOT_ANSWERING",
    () => `${another.id} lies on no mount, and its start was refused: ${JSON.stringify(body)}`,
  );
  const began = performance.now();
  const run: string | null = status === 202 ? body.run.id : null;
  await comesTrue(world, another, began, "started", (runs) =>
    runs.every(({ id, state }) => id !== run || (state !== "queued" && state !== "starting")),
  );
  await comesTrue(world, another, began, "stopped", async (runs) => {
    if (runs.every(isFinal)) return true;
    // Again each time: a server that dies at its fault point takes the request with it, and a restart may have come between.
    await ask(world, "POST", `${path}/stop`, { graceMs: 0 });
    return false;
  });
}

async function comesTrue(
  world: World,
  { id }: Subject,
  began: number,
  what: string,
  isTrue: (runs: readonly RunRow[]) => boolean | Promise<boolean>,
): Promise<void> {
  for (;;) {
    await aliveServer(world);
    const { runs } = readRows(world.database, Number.MAX_SAFE_INTEGER);
    const own = [...runs.values()].filter(({ jobId }) => jobId === id);
    if (await isTrue(own)) return;
    const took = performance.now() - began;
    demand(
      took < STOP_GUARD_MS,
      () => `${id} lies on no mount, and was not ${what} within ${Math.round(took)} ms while one hung`,
    );
    await answered(world, { id });
  }
}

async function answered(world: World, { id }: Pick<Subject, "id">): Promise<void> {
  await Promise.all(
    ["/health", "/api/v1/status", `/api/v1/jobs/${id}/status`].map(async (path) => {
      const began = performance.now();
      const what = `GET ${path} while a mount hangs`;
      const { status, body } = await within(ANSWER_GUARD_MS, what, ask(world, "GET", path));
      world.tally.besideMount(performance.now() - began);
      // 0: it has died at its fault point.
      demand(
        status === 200 || status === 0,
        () => `${what} was answered with ${status} ${JSON.stringify(body)}`,
      );
    }),
  );
  await wait(LOOK_EVERY_MS);
  await aliveServer(world);
}

/** And the next one comes up, although the mount does not answer. */
async function endServer(world: World, how: "SIGKILL" | "SIGTERM"): Promise<void> {
  if (how === "SIGKILL") await world.server.kill();
  else {
    const code = await within(SERVER_GUARD_MS, "SIGTERM while a mount hangs", world.server.stop());
    const died = world.armed !== null && code === null;
    demand(code === 0 || died, () => `the server ended with ${code} on SIGTERM while a mount hung`);
  }
  world.tally.kill(`${how}, mount hangs`);
  await within(SERVER_GUARD_MS, "a boot while a mount hangs", bootServer(world));
}

/** What reads for a server may outlive it, because it cannot be ended while it hangs; but not the mount's answer. */
async function areGone(readers: readonly LiveProcess[]): Promise<void> {
  const began = performance.now();
  for (;;) {
    const now = processesWithCommand(READER).map(({ pid }) => pid);
    const left = readers.filter(({ pid }) => now.includes(pid));
    if (left.length === 0) return;
    demand(
      performance.now() - began < READER_GUARD_MS,
      () =>
        `the server has ended and the mount answers, but what read for it is still there: ${left[0]?.pid}`,
    );
    await wait(LOOK_EVERY_MS);
  }
}

const READER = "/_launchers/files-";

function readersOf({ dataDir }: World): LiveProcess[] {
  return processesWithCommand(`${dataDir}${READER}`);
}

async function within<Value>(guardMs: number, what: string, promise: Promise<Value>): Promise<Value> {
  let guard: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    guard = setTimeout(() => resolve(null), guardMs);
  });
  const first = await Promise.race([promise.then((value) => ({ value })), late]);
  clearTimeout(guard);
  demand(first !== null, () => `${what} took longer than ${guardMs} ms`);
  return first.value;
}
