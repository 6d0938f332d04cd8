export const LOCK_KINDS = ["own", "shared"] as const;
export type LockKind = (typeof LOCK_KINDS)[number];

const OWN = "job:";
const SHARED = "shared:";
const PID_FILE = "pidfile:";

export function lockKind(name: string): LockKind {
  return name.startsWith(OWN) ? "own" : "shared";
}

/** Whether it may be taken from a live run: only a shared one; the others keep one program from running twice. */
export function isForcible(name: string): boolean {
  return name.startsWith(SHARED);
}

/** A lock as people write it: `shop` for the shared one, `job:nightly` for a job's own. */
export function lockLabel(name: string): string {
  if (!name.startsWith(SHARED)) return name;
  const plain = name.slice(SHARED.length);
  // A shared lock may be called "job:x"; only written in full can it be told from the job's own.
  return isWhole(plain) ? name : plain;
}

/** The other way round. */
export function lockNameOf(label: string): string {
  return isWhole(label) ? label : `${SHARED}${label}`;
}

/** `already_free`: it was not held. `holder_gone`: nothing was left of its holder, which is over now. `taken_away`: by force. */
export const RELEASE_OUTCOMES = ["already_free", "holder_gone", "taken_away"] as const;
export type ReleaseOutcome = (typeof RELEASE_OUTCOMES)[number];

function isWhole(text: string): boolean {
  return [OWN, SHARED, PID_FILE].some((beginning) => text.startsWith(beginning));
}
