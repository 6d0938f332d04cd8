import type { ProcessIdentity } from "@/lib/domain/run";
import { newSlice } from "@/lib/turns";
import { type Candidate, ENOUGH_LOOKS, ownership } from "./owners";
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
 * noticed when it is read next: with its run's next measurement, or within six passes. While no process comes, goes or changes its parent,
 * what was worked out stays as it is.
 */
export function membersOfRuns<Owner>({ readMarker, list = allPids, read = statOf }: Source) {
  const assign = ownership<Owner>(readMarker);
  const known = new Map<number, ProcessStat>();
  let owners: ReadonlyMap<number, Owner> = new Map();
  let members: ReadonlyMap<Owner, number[]> = new Map();
  let identities: readonly unknown[] = [];
  let passes = 0;
  /** Passes since something was different. */
  let quiet = 0;
  /** One was found to be gone, or another, when it was read again. */
  let isBehind = false;

  /** @returns the numbers of each candidate's processes, until the next pass */
  async function pass(
    candidates: readonly Candidate<Owner>[],
  ): Promise<ReadonlyMap<Owner, readonly number[]>> {
    passes += 1;
    const before = identities;
    identities = candidates.flatMap(({ owner, launcher, payload }) => [owner, launcher, payload]);
    const same = identities.length === before.length && identities.every((one, at) => one === before[at]);
    quiet = (await look(candidates)) || !same ? 0 : quiet + 1;
    if (quiet >= ENOUGH_LOOKS) return members;
    owners = assign(known, candidates);
    const lists = members;
    members = new Map(candidates.map(({ owner }) => [owner, emptied(lists.get(owner))]));
    for (const [pid, owner] of owners) members.get(owner)?.push(pid);
    return members;
  }

  /** Brings `known` up to date. @returns whether anything is different that could make another run the owner of a process */
  async function look(candidates: readonly Candidate<Owner>[]): Promise<boolean> {
    const fresh: ProcessStat[] = [];
    const readNow = new Set<number>();
    let changed = isBehind;
    isBehind = false;
    const slice = newSlice();
    const pids = list();
    const knownBefore = known.size;
    let met = 0;
    for (const pid of pids) {
      const isKnown = known.has(pid);
      if (isKnown) met += 1;
      if (!isKnown || isToBeRead(pid)) readOne(pid);
      if (slice.isOver()) await slice.next();
    }
    if (met < knownBefore) dropOthers(pids);
    for (const { launcher, payload } of candidates)
      for (const one of [launcher, payload])
        if (one !== null && known.has(one.pid) && isAnother(known.get(one.pid), one)) readOne(one.pid);
    // A new one may be the child of another new one that was given a known number. The list grows while it is gone through.
    for (const { parent } of fresh) if (known.has(parent) && !readNow.has(parent)) readOne(parent);
    return changed;

    function readOne(pid: number): void {
      readNow.add(pid);
      const before = known.get(pid);
      const stat = read(pid);
      if (stat === null) changed = known.delete(pid) || changed;
      else {
        known.set(pid, stat);
        if (isAnother(before, stat)) fresh.push(stat);
        if (isAnother(before, stat) || before?.parent !== stat.parent) changed = true;
      }
    }

    function dropOthers(listed: readonly number[]): void {
      changed = true;
      const there = new Set(listed);
      for (const pid of known.keys()) if (!there.has(pid)) known.delete(pid);
    }
  }

  function isToBeRead(pid: number): boolean {
    return !owners.has(pid) && (pid + passes) % STRANGERS_SHARE === 0;
  }

  /** Those of these that are still the same processes, as they are now. */
  function readAgain(pids: readonly number[]): ProcessStat[] {
    return pids.flatMap((pid) => {
      const stat = read(pid);
      if (stat !== null && !isAnother(known.get(pid), stat)) return stat;
      // Found out about with the next pass.
      known.delete(pid);
      isBehind = true;
      return [];
    });
  }

  /** For a pause between passes, in which numbers may be given to others. */
  function forget(): void {
    known.clear();
    owners = new Map();
    identities = [];
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
