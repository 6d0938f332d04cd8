import type { ProcessIdentity } from "@/lib/domain/run";
import type { ProcessStat } from "./proc-stats";

/** What a process belongs to is found out once: by descent, which costs nothing, else by the marker in its environment. */
type Known<Owner> = { readonly startTicks: number; readonly owner: Owner | null; readonly looks: number };

export type Candidate<Owner> = {
  readonly owner: Owner;
  readonly marker: string;
  readonly launcher: ProcessIdentity | null;
  readonly payload: ProcessIdentity | null;
};

/** A process that was only just born may still show its parent's environment; the second look is the last. */
export const ENOUGH_LOOKS = 2;

/**
 * Remembers the owner of every process from pass to pass.
 * @param readMarker reads a process's environment, which costs as much as everything else about it
 */
export function ownership<Owner>(readMarker: (pid: number) => string | null) {
  let known = new Map<number, Known<Owner>>();

  /** The owner of each process; processes without one are left out. */
  return function assign(
    all: ReadonlyMap<number, ProcessStat>,
    candidates: readonly Candidate<Owner>[],
  ): Map<number, Owner> {
    const living = new Set(candidates.map(({ owner }) => owner));
    const next = new Map<number, Known<Owner>>();
    let byMarker: ReadonlyMap<string, Owner> | null = null;
    for (const candidate of candidates) {
      identify(candidate.launcher, candidate.owner);
      identify(candidate.payload, candidate.owner);
    }
    for (const stat of all.values()) find(stat);
    known = next;
    const owners = new Map<number, Owner>();
    for (const [pid, { owner }] of next) if (owner !== null && living.has(owner)) owners.set(pid, owner);
    return owners;

    function identify(identity: ProcessIdentity | null, owner: Owner): void {
      if (identity === null) return;
      const { pid, startTicks } = identity;
      if (all.get(pid)?.startTicks !== startTicks) return;
      const same = sameAs(identity);
      next.set(pid, same?.owner === owner ? same : { startTicks, owner, looks: 0 });
    }

    function sameAs({ pid, startTicks }: ProcessIdentity): Known<Owner> | undefined {
      const before = known.get(pid);
      return before?.startTicks === startTicks ? before : undefined;
    }

    function find(stat: ProcessStat): Owner | null {
      const { pid, startTicks } = stat;
      const done = next.get(pid);
      if (done !== undefined) return done.owner;
      const before = sameAs(stat) ?? { startTicks, owner: null, looks: 0 };
      // Entered before its parent is asked: a torn pass may show two processes as each other's parents.
      next.set(pid, before);
      if (before.owner !== null) return before.owner;
      const looks = Math.min(before.looks, ENOUGH_LOOKS) + 1;
      const owner = descended(stat) ?? marked(stat, looks);
      if (owner !== null || looks !== before.looks) next.set(pid, { startTicks, owner, looks });
      return owner;
    }

    function descended({ parent, startTicks }: ProcessStat): Owner | null {
      const above = all.get(parent);
      // Who was born after it is another that was given its parent's number since.
      return above === undefined || above.startTicks > startTicks ? null : find(above);
    }

    function marked({ pid }: ProcessStat, looks: number): Owner | null {
      if (looks > ENOUGH_LOOKS) return null;
      const marker = readMarker(pid);
      if (marker === null) return null;
      byMarker ??= new Map(candidates.map((candidate) => [candidate.marker, candidate.owner]));
      return byMarker.get(marker) ?? null;
    }
  };
}
