import type { Launched } from "../watch/launched";

/** What the system's codes mean for a start, in words; the code follows for who searches for it. */
const PLAIN: Readonly<Record<string, string>> = {
  EAGAIN: "no further process is allowed for this user or in this group",
  EMFILE: "the dashboard has no file descriptor left",
  ENFILE: "this host has no file descriptor left",
  ENOMEM: "this host has no memory left for another process",
  ENOSPC: "there is no room left on the disk of the data folder",
  EROFS: "the data folder cannot be written",
  EACCES: "something on the way may not be used by this user",
};

/** Why a launch failed, as a run's reason tells it. */
export function launchProblem(error: unknown): string {
  const said = typeof error === "object" && error !== null && "message" in error;
  const message = said ? String(error.message) : String(error);
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  const plain = PLAIN[code];
  return plain === undefined ? message : `${plain} (${message})`;
}

/** The launcher is on its way; that its files cannot be read just now (out of descriptors) is no reason to give it up. */
export function unlessUnreadable(look: () => Launched | null): Launched | null {
  try {
    return look();
  } catch {
    return null;
  }
}
