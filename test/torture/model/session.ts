import { setTimeout as wait } from "node:timers/promises";
import { chooseAction } from "./actions";
import { chanceOf } from "./chance";
import { limitsKept } from "./limits";
import { aliveServer, calm, settle } from "./quiet";
import { runsByEnd } from "./report";
import type { Counts } from "./tally";
import { demand, Violation } from "./violation";
import { endWorld, makeWorld, type World } from "./world";

export type Wish = {
  readonly seed: number;
  readonly minutes: number;
  /** Ends the session earlier, when so many servers have been killed or so many steps been made. */
  readonly kills: number;
  readonly steps: number;
  readonly jobs: number;
};

export type Outcome = {
  readonly seed: number;
  readonly steps: number;
  readonly seconds: number;
  readonly counts: Counts;
  readonly runs: Readonly<Record<string, number>>;
  readonly ownDisk: boolean;
  /** Why no mount could be made to hang; null: one could. */
  readonly noMount: string | null;
  readonly violation: {
    readonly what: string;
    readonly lastActions: readonly string[];
    readonly serverLog: string;
    readonly folder: string;
  } | null;
};

const LOG_TAIL = 6_000;

/** One session: steps until the time is over, then everything is stopped and nothing may be left. */
export async function play(wish: Wish): Promise<Outcome> {
  const began = performance.now();
  const world = await makeWorld(wish.jobs);
  let violation: Outcome["violation"] = null;
  try {
    await playSteps(world, wish);
    await calm(world);
    world.truths.check();
    const code = await world.server.stop();
    demand(code === 0, () => `the server ended with ${code} on SIGTERM`);
  } catch (error) {
    // Also what the harness itself stumbled over: without the facts nobody could tell which of the two it was.
    const what = error instanceof Violation ? error.message : String((error as Error).stack);
    const serverLog = world.server.output().slice(-LOG_TAIL);
    violation = { what, lastActions: world.tally.lastActions, serverLog, folder: world.folder };
    // Said at once: clearing up may fail too, and with it all that is said at the end.
    console.error(error, violation);
  }
  const runs = runsByEnd(world.database);
  await endWorld(world, violation !== null);
  const seconds = Math.round((performance.now() - began) / 1_000);
  const { counts } = world.tally;
  const { ownDisk, noMount } = world;
  return { seed: wish.seed, steps: counts.steps, seconds, counts, runs, ownDisk, noMount, violation };
}

async function playSteps(world: World, wish: Wish): Promise<void> {
  const began = performance.now();
  const keptLimits = limitsKept(world.subjects, world.truths);
  let step = 0;
  while (performance.now() - began < wish.minutes * 60_000 && step < wish.steps) {
    if (world.tally.counts.serverKills >= wish.kills) break;
    step += 1;
    await playStep(world, wish.seed, step);
    keptLimits(world.truths.check());
  }
  await settle(world);
}

async function playStep(world: World, seed: number, step: number): Promise<void> {
  const chance = chanceOf(seed, step);
  const { name, act } = chooseAction(chance);
  const at = new Date().toISOString().slice(11, 23);
  world.tally.note(`${step} ${at} ${name}`);
  const done = await act(world, chance);
  world.tally.action(name, !done);
  await wait(chance.below(120));
  await aliveServer(world);
}
