import { notAnswering } from "@/lib/domain/files";
import { isBelow, type MountWatch } from "./mounts";

/** Where nothing answers. `key`: a mount point, or a path where its mount answers otherwise. `since`: monotonic. */
export type Hanging = { readonly key: string; readonly since: number };

/** What is known to hang, so that no other caller waits for it. */
export type HangingList = {
  add(hanging: Hanging): void;
  /** @returns whether it was there */
  remove(key: string): Hanging | null;
  all(): readonly Hanging[];
  /** Why this path is not even tried; null: it is. */
  refusal(path: string): Error | null;
};

export function hangingList(timeoutMs: number): HangingList {
  const known = new Map<string, Hanging>();
  return {
    add: (hanging) => void known.set(hanging.key, hanging),
    remove(key) {
      const was = known.get(key) ?? null;
      known.delete(key);
      return was;
    },
    all: () => [...known.values()],
    refusal(path) {
      for (const key of known.keys()) if (isBelow(path, key)) return notAnswering(path, timeoutMs, key);
      return null;
    },
  };
}

/**
 * What is to blame for an answer that did not come: a mount; but where that is not known, or is the one of our own files, the path alone.
 * @param at the mount that was entered last
 */
export function toBlame(at: string, path: string, ownFolder: string, mounts: MountWatch): string {
  // One that was mounted a moment ago is not known to the process that reads.
  const mount = at === "/" ? mounts.now(true).of(path) : at;
  // Below /proc/PID/root and /proc/PID/fd is what another process sees; /proc itself always answers.
  return mount === "/" || mount === "/proc" || isBelow(ownFolder, mount) ? path : mount;
}
