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
const ENOUGH_LOOKS = 2;

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
    const byMarker = new Map(candidates.map(({ marker, owner }) => [marker, owner]));
    const byPid = new Map<number, { readonly startTicks: number; readonly owner: Owner }>();
    for (const { owner, launcher, payload } of candidates)
      for (const one of [launcher, payload])
        if (one !== null) byPid.set(one.pid, { startTicks: one.startTicks, owner });
    const living = new Set(byMarker.values());
    const next = new Map<number, Known<Owner>>();
    for (const stat of all.values()) find(stat);
    known = next;
    const owners = new Map<number, Owner>();
    for (const [pid, { owner }] of next) if (owner !== null && living.has(owner)) owners.set(pid, owner);
    return owners;

    function find(stat: ProcessStat): Owner | null {
      const done = next.get(stat.pid);
      if (done !== undefined) return done.owner;
      const before = known.get(stat.pid);
      const same = before?.startTicks === stat.startTicks ? before : undefined;
      // Entered before its parent is asked: a torn pass may show two processes as each other's parents.
      next.set(stat.pid, { startTicks: stat.startTicks, owner: same?.owner ?? null, looks: 0 });
      const looks = (same?.looks ?? 0) + 1;
      const owner = same?.owner ?? identified(stat) ?? descended(stat) ?? marked(stat, looks);
      next.set(stat.pid, { startTicks: stat.startTicks, owner, looks });
      return owner;
    }

    function identified({ pid, startTicks }: ProcessStat): Owner | null {
      const found = byPid.get(pid);
      return found?.startTicks === startTicks ? found.owner : null;
    }

    function descended({ parent }: ProcessStat): Owner | null {
      const above = all.get(parent);
      return above === undefined ? null : find(above);
    }

    function marked({ pid }: ProcessStat, looks: number): Owner | null {
      if (looks > ENOUGH_LOOKS) return null;
      const marker = readMarker(pid);
      return marker === null ? null : (byMarker.get(marker) ?? null);
    }
  };
}
