import { isFinal, type Rows, type RunRow, readRows } from "./database";
import { type Entry, journalReader } from "./journal";
import { follower } from "./lifecycle";
import { aliveStill, type Member, membersOfRuns } from "./tree";
import { demand } from "./violation";

/** What must be true at any moment, whatever is going on. One object for a session: it remembers what it has seen. */
export type Invariants = {
  /** @throws Violation */
  check(): Rows;
  /** A start that was answered with 202: that run exists for ever. */
  acknowledged(runId: string): void;
  /** When a run's launcher began, which its limits count from, in seconds since boot; undefined when its program never entered itself. */
  launchedAt(runId: string): number | undefined;
};

type Life = { readonly job: string; readonly start: number; readonly launched: number; end?: Entry };

/** @param read how rows are read; for tests of what happens between two reads */
export function invariants(
  folder: string,
  database: string,
  journal: string,
  read: typeof readRows = readRows,
): Invariants {
  const promised = new Set<string>();
  const finals = new Map<string, string>();
  const lives = new Map<string, Life>();
  const history = follower();
  const entries = journalReader(journal);
  let lastEvent = 0;
  return {
    acknowledged: (runId) => promised.add(runId),
    launchedAt: (runId) => lives.get(runId)?.launched,
    check() {
      const before = membersOfRuns(folder);
      for (const entry of entries()) enter(lives, entry);
      // What begins after the rows were read is judged next time.
      const begun = new Set(lives.keys());
      const rows = read(database, lastEvent);
      const members = aliveStill(before, folder);
      noneDoubled(members, rows);
      noneOutlived(members, rows);
      locksFit(rows);
      lastEvent = rows.events.at(-1)?.id ?? lastEvent;
      history.follow(rows.events);
      for (const run of rows.runs.values()) {
        demand(
          (history.stateOf(run.id) ?? "queued") === run.state,
          () => `${run.id} is ${run.state}; its history leads to ${history.stateOf(run.id)}`,
        );
        if (isFinal(run)) stayedAsItWas(finals, run);
      }
      for (const runId of promised)
        demand(rows.runs.has(runId), () => `${runId} was answered with 202 and does not exist`);
      for (const entry of entries()) enter(lives, entry);
      for (const [runId, life] of lives)
        if (begun.has(runId)) tellsTheTruth(rows.runs.get(runId), runId, life);
      return rows;
    },
  };
}

function noneDoubled(members: readonly Member[], rows: Rows): void {
  const byJob = new Map<string, string>();
  for (const { runId, isLauncher } of members) {
    const job = rows.runs.get(runId)?.jobId;
    if (isLauncher || job === undefined) continue;
    const other = byJob.get(job) ?? runId;
    demand(other === runId, () => `${job} runs twice at once: ${other} and ${runId}`);
    byJob.set(job, runId);
  }
}

function noneOutlived(members: readonly Member[], rows: Rows): void {
  for (const { pid, runId, isLauncher, command } of members) {
    const run = rows.runs.get(runId);
    demand(
      run !== undefined,
      () => `process ${pid} (${command}) carries the marker of ${runId}, which does not exist`,
    );
    demand(
      isLauncher || !isFinal(run),
      () =>
        `process ${pid} (${command}) of ${runId} (${run.jobId}) lives, but that run is ${run.state} (${run.cause})`,
    );
  }
}

function locksFit({ locks, runs }: Rows): void {
  const holder = new Map(locks.map(({ name, runId }) => [name, runId]));
  for (const { name, runId } of locks) {
    const run = runs.get(runId);
    demand(
      run !== undefined && !isFinal(run),
      () => `${name} is held by ${runId}, which is ${run?.state ?? "nowhere"}`,
    );
  }
  for (const run of runs.values()) {
    demand(
      (run.activeKey !== null) === !isFinal(run),
      () => `${run.id} is ${run.state} with the key ${run.activeKey}`,
    );
    if (isFinal(run) || run.state === "queued") continue;
    for (const name of run.locks)
      demand(
        holder.get(name) === run.id,
        () => `${run.id} is ${run.state} without ${name}, held by ${holder.get(name)}`,
      );
  }
}

function stayedAsItWas(finals: Map<string, string>, run: RunRow): void {
  const { id, state, version, cause, reason, exitCode, signal, startedAt, endedAt } = run;
  // An interrupted run may be cleaned up, and that undone: then what is known of its end still stays.
  const settled = state === "interrupted" || state === "cleaned";
  const decided = settled ? ["settled"] : [state, version, reason];
  const now = JSON.stringify([...decided, cause, exitCode, signal, startedAt, endedAt]);
  const before = finals.get(id);
  demand(before === undefined || before === now, () => `${id} was over with ${before} and is now ${now}`);
  if (before !== undefined) return;
  finals.set(id, now);
  demand(cause !== null, () => `${id} is ${state} without a cause`);
  demand(endedAt !== null, () => `${id} is ${state} without an end time`);
  const begin = startedAt ?? run.queuedAt;
  demand(endedAt >= begin, () => `${id} ended at ${endedAt}, before it began at ${begin}`);
}

function enter(lives: Map<string, Life>, entry: Entry): void {
  const { what, job, runId, at, detail } = entry;
  demand(
    what !== "double",
    () => `${runId} (${job}) began while something under the lock ${detail} was alive`,
  );
  const life = lives.get(runId);
  if (what === "end") {
    if (life !== undefined) life.end = entry;
    return;
  }
  demand(life === undefined, () => `${runId} (${job}) began twice, at ${life?.start} and ${at}`);
  // Entered in the order of writing, but an end and the next beginning may be a clock tick apart.
  for (const other of lives.values()) {
    const overlaps = other.job === job && other.end !== undefined && other.start <= at && at < other.end.at;
    demand(!overlaps, () => `${runId} (${job}) began at ${at}, while another lasted until ${other.end?.at}`);
  }
  lives.set(runId, { job, start: at, launched: Number(detail) || at });
}

/** What a run says about its exit is what its program wrote, or that nobody can know. */
function tellsTheTruth(run: RunRow | undefined, runId: string, { end, job }: Life): void {
  demand(run !== undefined, () => `${runId} (${job}) wrote that it began, and does not exist`);
  if (!isFinal(run)) return;
  demand(
    run.cause !== "never_started",
    () => `${runId} (${job}) never started, it is said, but it wrote that it began`,
  );
  demand(
    run.cause !== "launch_failed",
    () => `${runId} (${job}) failed to start, it is said, but it wrote that it began`,
  );
  // A program that took the place of its shell enters no end.
  if (job.endsWith("clears-environment")) return;
  const status = end === undefined ? null : Number(end.detail);
  if (run.exitCode !== null)
    demand(
      status === run.exitCode,
      () => `${runId} (${job}) exited with ${run.exitCode}, it is said; it wrote ${status}`,
    );
  if (run.signal !== null && run.signal !== "SIGKILL" && status !== null)
    demand(status > 128, () => `${runId} (${job}) ended by ${run.signal}, it is said; it wrote ${status}`);
}
