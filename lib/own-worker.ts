import { randomUUID } from "node:crypto";
import { wallClock } from "./clock";
import type { Paths } from "./config/paths";
import { makeWorkerId, type WorkerId } from "./domain/ids";
import type { Store } from "./store/transaction";
import { newestWorker } from "./store/workers";
import { readIdentityFile, writeIdentityFile } from "./supervisor/folder/identity-file";

/** This worker's id: kept in the data folder, since a database may one day serve several; made at the first start. */
export async function ownWorkerId(store: Store, paths: Paths): Promise<WorkerId> {
  const kept = readIdentityFile(paths.identity);
  if (kept !== null) return kept;
  // Its file was lost: the runs in the database are still its own.
  const id = (await newestWorker(store)) ?? makeWorkerId(wallClock(), randomUUID().replaceAll("-", ""));
  writeIdentityFile(paths.identity, id);
  return id;
}
