import { setTimeout as wait } from "node:timers/promises";
import Database from "better-sqlite3";
import { until } from "../../until";
import type { Chance } from "./chance";
import { type EventRow, isFinal, type RunRow, readRows } from "./database";
import { aliveServer } from "./quiet";
import { demand } from "./violation";
import { ask, type World } from "./world";

/** Longer than the 5 s for which a write waits for another program to let go of the database. */
const HELD_MS = 7_000;
/** Codes that say "not now": a restart that was promised must outlast them. */
const PASSING = ["DATABASE_LOCKED", "DISK_FULL", "SUPERVISOR_UNAVAILABLE"];

/**
 * Another program holds the database while a restart is under way. The restart was answered with 202, so it has to be carried
 * out, or to say which refusal ended it; that the database was locked is no such refusal.
 */
export async function holdDuringRestart(world: World, chance: Chance): Promise<boolean> {
  const before = running(world);
  if (before.length === 0) return false;
  const run = chance.pick(before);
  const { status } = await ask(world, "POST", `/api/v1/jobs/${run.jobId}/restart`, { delayMs: 200 });
  if (status !== 202) return true;
  await held(world);
  await until(`the restart of ${run.id} (${run.jobId}) has come to an end`, async () => {
    await aliveServer(world);
    return isSettled(world.database, run);
  });
  return true;
}

async function held(world: World): Promise<void> {
  const database = new Database(world.database, { timeout: 20_000 });
  try {
    database.exec("BEGIN IMMEDIATE");
    await wait(HELD_MS);
    database.exec("ROLLBACK");
  } finally {
    database.close();
  }
}

function running({ database }: World): RunRow[] {
  return [...readRows(database, Number.MAX_SAFE_INTEGER).runs.values()].filter(
    ({ state }) => state === "running",
  );
}

/** The restart was carried out or called off, or a refusal that lasts is on record. */
function isSettled(file: string, run: RunRow): boolean {
  const [now, last] = lookAt(file, run.id);
  if (now === undefined || !isFinal(now)) return false;
  // It ended by itself before the restart reached it, or somebody else's stop came first: nothing follows from that.
  if (now.cause !== "restart") return true;
  if (last?.type !== "restart_failed") return last?.type !== "restart_requested";
  const { code } = JSON.parse(last.data);
  demand(
    !PASSING.includes(code),
    () => `the restart of ${run.id} (${run.jobId}) was dropped because of ${code}`,
  );
  return true;
}

function lookAt(file: string, runId: string): [RunRow | undefined, EventRow | undefined] {
  const database = new Database(file, { readonly: true, timeout: 20_000 });
  try {
    const run = database.prepare("SELECT * FROM Run WHERE id = ?").get(runId) as RunRow | undefined;
    const last = database.prepare(LAST_WORD).get(runId) as EventRow | undefined;
    return [run, last];
  } finally {
    database.close();
  }
}

const LAST_WORD = "SELECT * FROM RunEvent WHERE runId = ? AND type LIKE 'restart%' ORDER BY id DESC LIMIT 1";
