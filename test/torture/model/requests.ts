import type { Chance } from "./chance";
import type { Subject } from "./subjects";
import { ask, type World } from "./world";

/** What clients ask for. Each answers whether there was anything to do. */

const MODES = ["auto", "auto", "fresh", "resume"] as const;
const NOT_THERE = 404;

export async function start(world: World, chance: Chance): Promise<boolean> {
  await ask(world, "POST", `${pathOf(aJob(world, chance))}/start`, { mode: chance.pick(MODES) });
  return true;
}

export async function burst(world: World, chance: Chance): Promise<boolean> {
  const path = `${pathOf(aJob(world, chance))}/start`;
  const count = 3 + chance.below(8);
  await Promise.all(Array.from({ length: count }, () => ask(world, "POST", path)));
  return true;
}

export async function startMany(world: World, chance: Chance): Promise<boolean> {
  const jobs = world.subjects.filter(() => chance.often(0.5));
  await Promise.all(jobs.map((job) => ask(world, "POST", `${pathOf(job)}/start`)));
  return jobs.length > 0;
}

export async function stop(world: World, chance: Chance): Promise<boolean> {
  const body = chance.often(0.5) ? {} : { graceMs: chance.below(900) };
  await ask(world, "POST", `${pathOf(aJob(world, chance))}/stop`, body);
  return true;
}

export async function forceStop(world: World, chance: Chance): Promise<boolean> {
  await ask(world, "POST", `${pathOf(aJob(world, chance))}/stop`, { force: true });
  return true;
}

export async function restart(world: World, chance: Chance): Promise<boolean> {
  const body = chance.often(0.3) ? {} : { delayMs: chance.below(800) };
  await ask(world, "POST", `${pathOf(aJob(world, chance))}/restart`, body);
  return true;
}

export async function reset(world: World, chance: Chance): Promise<boolean> {
  const body = { reason: "torture", ...(chance.often(0.5) ? { force: true } : {}) };
  const { status } = await ask(world, "POST", `${pathOf(aJob(world, chance))}/reset`, body);
  return status !== NOT_THERE;
}

export async function stopAll(world: World, chance: Chance): Promise<boolean> {
  await ask(world, "POST", "/api/v1/stop-all", { graceMs: chance.below(1_000) });
  return true;
}

export async function changeSettings(world: World, chance: Chance): Promise<boolean> {
  const job = aJob(world, chance);
  const stopGraceMs = 200 + chance.below(800);
  const { status, body } = await ask(world, "GET", pathOf(job));
  if (status !== 200) return false;
  const change = { version: body.version, title: `grace ${stopGraceMs}`, timeouts: { stopGraceMs } };
  await ask(world, "PATCH", pathOf(job), change);
  return true;
}

/** Everything that is dead is cleaned up, as somebody in a hurry would do it, and now and then that is undone at once. */
export async function cleanUp(world: World, chance: Chance): Promise<boolean> {
  const plans = "/api/v1/cleanup/plans";
  const { status, body: plan } = await ask(world, "POST", plans, { ageHours: 0, allowShort: true });
  if (status !== 201) return false;
  await ask(world, "POST", `${plans}/${plan.id}/apply`, { reason: "torture" });
  if (chance.often(0.4)) await ask(world, "POST", `${plans}/${plan.id}/undo`, { reason: "torture" });
  return plan.counts.planned > 0;
}

export async function look(world: World, chance: Chance): Promise<boolean> {
  await Promise.all([
    ask(world, "GET", "/api/v1/status"),
    ask(world, "GET", `${pathOf(aJob(world, chance))}/status`),
  ]);
  return true;
}

/** A handful of requests that nobody waits for: whatever comes next happens while they are under way. */
export function someRequests(world: World, chance: Chance): Promise<unknown> {
  const count = 1 + chance.below(5);
  const kinds = [start, start, stop, restart, forceStop];
  return Promise.all(Array.from({ length: count }, () => chance.pick(kinds)(world, chance)));
}

function aJob(world: World, chance: Chance): Subject {
  return chance.pick(world.subjects);
}

function pathOf({ id }: Subject): string {
  return `/api/v1/jobs/${id}`;
}
