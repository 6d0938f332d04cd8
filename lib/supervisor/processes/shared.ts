import type { Processes, ProcessInfo } from "./processes";

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

  function scan(): Promise<readonly ProcessInfo[]> {
    running = source
      .list()
      .then((all) => {
        markers = new Map(all.flatMap(({ pid, marker }) => (marker === undefined ? [] : [[pid, marker]])));
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
