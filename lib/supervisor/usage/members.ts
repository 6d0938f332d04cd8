import type { ProcessIdentity } from "@/lib/domain/run";
import { newSlice } from "@/lib/turns";
import { type Candidate, ownership } from "./owners";
import { allPids, type ProcessStat, statOf } from "./proc-stats";

/** Of those that belong to no run, one in so many is read again in a pass. */
const STRANGERS_SHARE = 6;

type Source = {
  readonly readMarker: (pid: number) => string | null;
  readonly list?: () => readonly number[];
  readonly read?: (pid: number) => ProcessStat | null;
};

/**
 * Which processes belong to which run, from pass to pass. Reading one costs more than everything else about it, so one that is known is not
 * read again to find that out: who is new shows in the list of numbers. A number that was given to another process between two passes is
 * noticed when it is read next: with its run's next measurement, or within six passes.
 */
export function membersOfRuns<Owner>({ readMarker, list = allPids, read = statOf }: Source) {
  const assign = ownership<Owner>(readMarker);
  let known = new Map<number, ProcessStat>();
  let owners: ReadonlyMap<number, Owner> = new Map();
  let members: ReadonlyMap<Owner, number[]> = new Map();
  let passes = 0;

  /** @returns the numbers of each candidate's processes, until the next pass */
  async function pass(
    candidates: readonly Candidate<Owner>[],
  ): Promise<ReadonlyMap<Owner, readonly number[]>> {
    passes += 1;
    known = await look(candidates);
    owners = assign(known, candidates);
    const before = members;
    members = new Map(candidates.map(({ owner }) => [owner, emptied(before.get(owner))]));
    for (const [pid, owner] of owners) members.get(owner)?.push(pid);
    return members;
  }

  async function look(candidates: readonly Candidate<Owner>[]): Promise<Map<number, ProcessStat>> {
    const all = new Map<number, ProcessStat>();
    const fresh: ProcessStat[] = [];
    const slice = newSlice();
    for (const pid of list()) {
      const before = known.get(pid);
      if (before !== undefined && !isToBeRead(pid)) all.set(pid, before);
      else readInto(all, fresh, pid);
      if (slice.isOver()) await slice.next();
    }
    for (const { launcher, payload } of candidates)
      for (const one of [launcher, payload])
        if (one !== null && all.has(one.pid) && isAnother(all.get(one.pid), one))
          readInto(all, fresh, one.pid);
    // A new one may be the child of another new one that was given a known number. The list grows while it is gone through.
    for (const { parent } of fresh) if (isStale(all, parent)) readInto(all, fresh, parent);
    return all;
  }

  function isToBeRead(pid: number): boolean {
    return !owners.has(pid) && (pid + passes) % STRANGERS_SHARE === 0;
  }

  function isStale(all: ReadonlyMap<number, ProcessStat>, pid: number): boolean {
    const stat = all.get(pid);
    return stat !== undefined && stat === known.get(pid);
  }

  function readInto(all: Map<number, ProcessStat>, fresh: ProcessStat[], pid: number): void {
    const stat = read(pid);
    if (stat === null) {
      all.delete(pid);
      return;
    }
    all.set(pid, stat);
    if (isAnother(known.get(pid), stat)) fresh.push(stat);
  }

  /** Those of these that are still the same processes, as they are now. */
  function readAgain(pids: readonly number[]): ProcessStat[] {
    return pids.flatMap((pid) => {
      const stat = read(pid);
      if (stat !== null && !isAnother(known.get(pid), stat)) return stat;
      // Found out about with the next pass.
      known.delete(pid);
      return [];
    });
  }

  /** For a pause between passes, in which numbers may be given to others. */
  function forget(): void {
    known = new Map();
    owners = new Map();
  }

  return { pass, readAgain, forget };
}

/** A list that is used again: most runs have as many processes as before. */
function emptied(pids: number[] = []): number[] {
  pids.length = 0;
  return pids;
}

/** Whether what is known by this number, if anything, is another process than that. */
function isAnother(known: ProcessIdentity | undefined, { startTicks }: ProcessIdentity): boolean {
  return known?.startTicks !== startTicks;
}
