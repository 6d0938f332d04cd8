import type { Glance } from "@/lib/domain/attention";
import type { JobId } from "@/lib/domain/ids";
import type { PidFileSight } from "@/lib/domain/pid-file";
import type { JobWithNewest } from "@/lib/domain/ports/jobs";
import { type JobStatus, type StatusNeeds, seeItsPidFile } from "@/lib/services/jobs/job-status";
import { inSlices } from "@/lib/turns";
import { type Entry, makeEntry } from "./entry";

/** The status of every job, kept in memory. */
export type StatusBoard = {
  /** What was committed before it was asked is in it. What is not written down (processes, files, time) is at most `LOOK_EVERY_MS` old. */
  now(): Promise<KeptStatus>;
};

export type KeptStatus = {
  /** Of the board: revisions of another one are other things. */
  readonly board: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Two with the same revision differ in nothing but how long ago things were. */
  readonly revision: number;
  /** By the job's id. */
  readonly statuses: readonly JobStatus[];
  /** The JSON of each, in the same order. */
  readonly texts: readonly string[];
  /** And how urgent each is. */
  readonly glances: readonly Glance[];
};

export type StatusSource = StatusNeeds & {
  takeChangedJobs(): ReadonlySet<JobId> | "all";
  jobIds(): readonly JobId[];
  /** As they are committed at this moment. */
  readJobs(ids: readonly JobId[]): readonly JobWithNewest[];
};

export const LOOK_EVERY_MS = 500;
/** Looking takes at most a fiftieth of the time, however many ask. */
const REST = 49;
const ROWS_AT_ONCE = 40;

export function statusBoard(source: StatusSource): StatusBoard {
  const entries = new Map<JobId, Entry>();
  /** Their rows are to be read. */
  const changed = new Set<JobId>();
  /** The ids of all entries; null: some came or went. */
  let sorted: readonly JobId[] | null = null;
  const board = crypto.randomUUID();
  let revision = 0;
  let kept: KeptStatus | null = null;
  let lookAt = 0;
  let lookedAt = 0;
  /** Rows were read that are not in `kept` yet. */
  let behind = false;
  let underWay: Promise<KeptStatus> | null = null;
  /** Something failed half-way: nothing that was noted counts. */
  let lost = false;

  return {
    async now() {
      note();
      if (kept !== null && isTrue()) return kept;
      underWay ??= renew();
      return underWay;
    },
  };

  /** A caller need not wait for a look that began for another one. */
  function isTrue(): boolean {
    if (changed.size > 0 || behind) return false;
    return performance.now() < (underWay === null ? lookAt : lookedAt + LOOK_EVERY_MS);
  }

  function note(): void {
    const taken = source.takeChangedJobs();
    for (const id of taken === "all" || lost ? [...source.jobIds(), ...entries.keys()] : taken)
      changed.add(id);
    lost = false;
  }

  async function renew(): Promise<KeptStatus> {
    // So that `underWay` is set before it is over.
    await Promise.resolve();
    try {
      if (performance.now() >= lookAt) await look();
      // What is committed meanwhile is read too: who asks while this goes on gets this.
      for (note(); changed.size > 0; note()) await readRows();
      kept = putTogether();
      behind = false;
      return kept;
    } catch (error) {
      lost = true;
      throw error;
    } finally {
      underWay = null;
    }
  }

  async function look(): Promise<void> {
    const began = performance.now();
    const restless = [...entries].filter(([, entry]) => entry.restless);
    await inSlices(restless, async ([id, { rows }]) => {
      const sight = await seeItsPidFile(source, rows.job);
      // Its rows may have been read again meanwhile.
      if (entries.get(id)?.rows === rows) put(rows, sight);
    });
    const ended = performance.now();
    const rest = restless.length === 0 ? LOOK_EVERY_MS : REST * (ended - began);
    lookAt = ended + Math.min(LOOK_EVERY_MS, rest);
    lookedAt = began;
  }

  async function readRows(): Promise<void> {
    const ids = [...changed].slice(0, ROWS_AT_ONCE);
    behind = true;
    const found = source.readJobs(ids);
    for (const id of ids) changed.delete(id);
    const there = new Set(found.map(({ job }) => job.id));
    for (const id of ids)
      if (!there.has(id) && entries.delete(id)) {
        revision += 1;
        sorted = null;
      }
    await inSlices(found, async (rows) => put(rows, await seeItsPidFile(source, rows.job)));
  }

  function put(rows: JobWithNewest, sight: PidFileSight | null): void {
    const before = entries.get(rows.job.id);
    const entry = makeEntry(source, rows, sight);
    if (before === undefined) sorted = null;
    if (before?.rows !== rows || before.substance !== entry.substance) revision += 1;
    entries.set(rows.job.id, entry);
  }

  function putTogether(): KeptStatus {
    sorted ??= [...entries.keys()].sort();
    const all = sorted.flatMap((id) => entries.get(id) ?? []);
    return {
      board,
      at: source.now(),
      revision,
      statuses: all.map(({ status }) => status),
      texts: all.map(({ text }) => text),
      glances: all.map(({ glance }) => glance),
    };
  }
}
