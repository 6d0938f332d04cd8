import { closeSync, openSync, readFileSync, write } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { whereWeAre } from "./where";

const written = promisify<number, string, number>(write);

/** Entries that follow sooner than this after one cost next to nothing: the kernel is still prepared for them. */
const PREPARED_MS = 5;

/**
 * A process that enters a cgroup by `cgroup.procs` waits until no other process is in the middle of a fork or an exit (a grace period of RCU). Measured
 * on Linux 6.18 with 2 cores: 7.4 ms for one that comes alone, 0.1 ms for those that come up to some 20 ms after another. A launcher
 * would wait right before its program begins. So as soon as a start is asked for, the dashboard enters the group it is in already. That moves nothing, and
 * happens on another thread.
 * @param whereabouts reads /proc/self/cgroup
 * @returns to be called when a program is about to enter its group; resolves when the kernel is prepared or will not be, and never rejects
 */
export function entrance(whereabouts = readOwn): () => Promise<void> {
  let door: { readonly ours: string; readonly procs: number } | null = null;
  let entering: Promise<void> | null = null;
  let enteredAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (performance.now() - enteredAt >= PREPARED_MS)
      entering ??= enter().finally(() => {
        entering = null;
      });
    return entering ?? Promise.resolve();
  };

  async function enter(): Promise<void> {
    try {
      // If another program has moved us since, we must not move back.
      const ours = whereabouts();
      if (door !== null && door.ours !== ours) closeSync(door.procs);
      if (door === null || door.ours !== ours) door = open(ours);
    } catch {
      door = null;
    }
    // Where it is refused, a launcher waits, as before.
    if (door !== null) await written(door.procs, String(process.pid)).catch(() => undefined);
    enteredAt = performance.now();
  }
}

function readOwn(): string {
  return readFileSync("/proc/self/cgroup", "latin1");
}

function open(ours: string) {
  const place = whereWeAre(readFileSync("/proc/self/mountinfo", "latin1"), ours);
  return place === null ? null : { ours, procs: openSync(join(place.folder, "cgroup.procs"), "r+") };
}
