import type { Processes, ProcessInfo } from "./processes";

/** What a scan could not see (an environment, of one that runs as another user for a moment) is looked for again after that. */
const WHOLE_FOR_MS = 1_000;

type Whole = { readonly all: readonly ProcessInfo[]; readonly changes: number; readonly at: number };

/**
 * Many runs that end at once want the same look at all processes. A caller that asks while a scan is under
 * way gets the next one, never the one that began before the question; so two scans serve any number of
 * askers.
 */
export function sharedProcesses(source: Processes): Processes {
  let running: Promise<readonly ProcessInfo[]> | null = null;
  let next: Promise<readonly ProcessInfo[]> | null = null;
  /** Read once per scan: a process may get another environment when it becomes another program. */
  let markers = new Map<number, string | null>();
  let whole: Whole | null = null;

  function scan(): Promise<readonly ProcessInfo[]> {
    const changes = source.changes();
    const at = performance.now();
    running = source
      .list()
      .then((all) => {
        markers = new Map(all.flatMap(({ pid, marker }) => (marker === undefined ? [] : [[pid, marker]])));
        // Whether anything was started in it shows when it is asked for, too: the number only grows.
        whole = changes === null ? null : { all, changes, at };
        return all;
      })
      .finally(() => {
        running = null;
      });
    return running;
  }

  function afterThis(current: Promise<unknown>): Promise<readonly ProcessInfo[]> {
    const again = () => {
      next = null;
      return scan();
    };
    return current.then(again, again);
  }

  return {
    ...source,
    lastWhole() {
      if (whole === null || performance.now() - whole.at > WHOLE_FOR_MS) return null;
      return source.changes() === whole.changes ? whole.all : null;
    },
    list() {
      if (running === null) return scan();
      next ??= afterThis(running);
      return next;
    },
    marker(pid) {
      const known = markers.get(pid);
      if (known !== undefined) return known;
      const marker = source.marker(pid);
      markers.set(pid, marker);
      return marker;
    },
  };
}
