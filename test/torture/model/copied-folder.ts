import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import Database from "better-sqlite3";
import { startServer, type TestServer } from "../../server";
import { until } from "../../until";
import type { Chance } from "./chance";
import { readRows } from "./database";
import { someRequests } from "./requests";
import { demand } from "./violation";
import { serverOptions, type World } from "./world";

const REFUSED = [
  "/api/v1/stop-all",
  "/api/v1/jobs/00-forever/start",
  "/api/v1/jobs/00-forever/stop",
  "/api/v1/jobs/00-forever/reset",
];

/**
 * Somebody copies the data folder and starts a second dashboard on the copy. It finds the runs of the original in its database and
 * must neither adopt, end nor start anything. That the original's runs are well is what the other demands look at.
 */
export async function copyFolder(world: World, chance: Chance): Promise<boolean> {
  const copy = join(world.folder, "copy");
  try {
    await copied(world, copy);
    const database = join(copy, "unstuck.db");
    const before = statesIn(database);
    const second = await startServer({ ...serverOptions(world), dataDir: copy, ready: false });
    await until("the copy's server has come up", async () => (await healthOf(second)).supervisor === "ready");
    const { folder } = await healthOf(second);
    demand(folder === "unconfirmed", () => `a copied data folder is called ${folder}`);
    const under = someRequests(world, chance);
    for (const path of REFUSED) {
      const { body } = await second.api("POST", path, { reason: "torture" });
      demand(
        body?.code === "FOLDER_UNCONFIRMED",
        () => `a copy answers ${path} with ${JSON.stringify(body)}`,
      );
    }
    await wait(chance.below(2_500));
    await under;
    if (chance.often(0.5)) {
      const code = await second.stop();
      demand(code === 0, () => `the copy's server ended with ${code} on SIGTERM`);
    } else await second.kill();
    const after = statesIn(database);
    demand(
      before === after,
      () => `a copy that was not confirmed changed its runs: ${before} became ${after}`,
    );
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
  return true;
}

/** As a backup takes it: the files by `cp`, the database whole. */
async function copied({ dataDir, database }: World, copy: string): Promise<void> {
  rmSync(copy, { recursive: true, force: true });
  execFileSync("cp", ["-a", dataDir, copy], { stdio: "ignore" });
  for (const name of ["unstuck.db", "unstuck.db-wal", "unstuck.db-shm"])
    rmSync(join(copy, name), { force: true });
  const source = new Database(database, { readonly: true, timeout: 20_000 });
  try {
    await source.backup(join(copy, "unstuck.db"));
  } finally {
    source.close();
  }
}

function statesIn(database: string): string {
  const { runs } = readRows(database, Number.MAX_SAFE_INTEGER);
  return [...runs.values()].map(({ id, state, version }) => `${id} ${state} ${version}`).join(", ");
}

async function healthOf(server: TestServer): Promise<{ supervisor?: string; folder?: string }> {
  return (await server.api("GET", "/health")).body ?? {};
}
