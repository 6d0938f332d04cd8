import { randomUUID } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "pino";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import { wallClock } from "./clock";
import type { Paths } from "./config/paths";
import type { FilesOf } from "./domain/files";
import { type FolderFacts, judgeFolder, type Unconfirmed } from "./domain/folder";
import { madeAt, makeWorkerId, parseRunId, type WorkerId } from "./domain/ids";
import { startedAs } from "./domain/run";
import { hasRun, listUnfinished } from "./store/runs";
import type { Store } from "./store/transaction";
import { findWorker, isEmpty, type KnownWorker, saveDoubt, saveLiveFolder } from "./store/workers";
import { inUseUntil, markInUse, readFolderFacts } from "./supervisor/folder/facts";
import { elsewhereIfSilent, homeOf, runsFolderOf } from "./supervisor/folder/home";
import { readIdentityFile, writeIdentityFile } from "./supervisor/folder/identity-file";
import { isAlive, type Processes } from "./supervisor/processes/processes";

/** Whose data folder this is, and that nothing begins in it while that is in doubt. */
export type OwnFolder = {
  readonly worker: WorkerId;
  readonly path: string;
  /** null: this is the live folder. */
  unconfirmed(): Unconfirmed | null;
  /** The worker has registered: takes down what was found. */
  settle(): Promise<void>;
  /** A sign of life of the database was written at that moment. */
  inUse(at: number): void;
  /**
   * A person says that this is the live folder: it is taken down with the audit row, and then everything begins.
   * @param begin tried again until it works; its first failure is thrown
   */
  confirm(audit: AuditEntry, begin: () => Promise<void>): Promise<void>;
  shutdown(): void;
};

/** What was rounded when the moment was left on a file. */
const ROUNDED_MS = 1_000;
const BEGIN_AGAIN_MS = 3_000;

export async function identifyFolder(
  store: Store,
  paths: Paths,
  processes: Processes,
  files: Pick<FilesOf, "own">,
  log: Logger,
): Promise<OwnFolder> {
  const kept = readIdentityFile(paths.identity);
  const known = await findWorker(store, kept);
  const worker = known?.id ?? kept ?? makeWorkerId(wallClock(), randomUUID().replaceAll("-", ""));
  const facts = () =>
    readFolderFacts(paths.data, paths.identity, {
      hostInstance: processes.hostInstance(),
      hostname: hostname(),
    });
  let doubt =
    known?.unconfirmed ?? (await doubtAbout(store, { paths, processes, files }, facts(), kept, known));
  const abort = new AbortController();

  async function takeDown(audit: AuditEntry | null): Promise<void> {
    if (audit !== null || readIdentityFile(paths.identity) !== worker)
      writeIdentityFile(paths.identity, worker);
    const now = wallClock();
    markInUse(paths.identity, now);
    await saveLiveFolder(store, worker, facts(), audit, now);
  }

  async function beginUntilDone(begin: () => Promise<void>): Promise<void> {
    try {
      await begin();
      doubt = null;
    } catch (error) {
      log.error({ error: String(error) }, "folder.begin_failed");
      void wait(BEGIN_AGAIN_MS, undefined, { signal: abort.signal, ref: false }).then(
        () => beginUntilDone(begin).catch(() => undefined),
        () => undefined,
      );
      throw error;
    }
  }

  return {
    worker,
    path: paths.data,
    unconfirmed: () => doubt,
    async settle() {
      if (doubt === null) return takeDown(null);
      log.warn({ ...doubt }, "folder.unconfirmed");
      if (known?.unconfirmed == null) await saveDoubt(store, worker, doubt);
    },
    inUse: (at) => {
      if (doubt !== null) return;
      try {
        markInUse(paths.identity, at);
      } catch (error) {
        // Behind its database the mark raises no doubt, and nothing else hangs on it.
        log.warn({ error: String(error) }, "folder.not_marked");
      }
    },
    async confirm(audit, begin) {
      if (doubt === null) return;
      await takeDown(audit);
      log.info({ path: paths.data }, "folder.confirmed");
      await beginUntilDone(begin);
    },
    shutdown: () => abort.abort(),
  };
}

type Host = { readonly paths: Paths; readonly processes: Processes; readonly files: Pick<FilesOf, "own"> };

async function doubtAbout(
  store: Store,
  host: Host,
  found: FolderFacts,
  kept: WorkerId | null,
  known: KnownWorker | null,
): Promise<Unconfirmed | null> {
  const { paths } = host;
  const recorded = known?.folder ?? null;
  const lastUsed = inUseUntil(paths.identity);
  const origin = recorded === null ? await originOfLiveRuns(store, host) : null;
  const doubt = judgeFolder({
    recorded,
    found,
    databaseIsEmpty: await isEmpty(store),
    markOfAnotherDatabase: kept !== null && known !== null && known.id !== kept,
    databaseIsOlder:
      known !== null &&
      ((lastUsed !== null && lastUsed > known.heartbeatAt + ROUNDED_MS) ||
        (await hasRunsAfter(store, paths, known.heartbeatAt))),
    livesElsewhere: origin !== null,
  });
  if (doubt === null) return null;
  const path = recorded?.path ?? origin;
  const seenAt = known?.heartbeatAt ?? null;
  const from = path === null ? null : { path, hostname: recorded?.hostname ?? hostname(), seenAt };
  return { doubt, since: wallClock(), origin: from };
}

/** Whether the folder holds runs that its database does not know, begun after the last thing that it does. */
async function hasRunsAfter(store: Store, paths: Paths, heartbeatAt: number): Promise<boolean> {
  for (const name of namesIn(paths.runs)) {
    const runId = parseRunId(name);
    if (runId !== null && madeAt(runId) > heartbeatAt && !(await hasRun(store, runId))) return true;
  }
  return false;
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Before a folder took down what it is, only its live processes can tell that it is a copy. @returns the folder they are from */
async function originOfLiveRuns(store: Store, host: Host): Promise<string | null> {
  const { processes } = host;
  const hostInstance = processes.hostInstance();
  for (const run of await listUnfinished(store)) {
    const { launcher } = run;
    if (run.hostInstance !== hostInstance || launcher === null || !isAlive(processes, launcher)) continue;
    const home = await homeOf(host, launcher.pid, startedAs(run), null).catch(elsewhereIfSilent);
    if (home !== "elsewhere") continue;
    const runs = runsFolderOf(processes.variable(launcher.pid, "UNSTUCK_PROGRESS_FILE"), startedAs(run));
    if (runs !== null) return dirname(runs);
  }
  return null;
}
