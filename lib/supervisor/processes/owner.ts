import { readFileSync } from "node:fs";

/** The user a process runs as, by its real id; null: it has ended, or there is no /proc. */
export function uidOf(pid: number): number | null {
  try {
    const uid = /^Uid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];
    return uid === undefined ? null : Number(uid);
  } catch {
    return null;
  }
}
