import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { ProcessIdentity } from "@/lib/domain/run";
import { findMembers, type Tree } from "../processes/members";
import type { Processes } from "../processes/processes";

/** Of `flags` in fdinfo, which is octal: the access mode, and O_APPEND on Linux. */
const ACCESS = 0o3;
const APPEND = 0o2000;
const MOST_LOOKED_AT = 200;

export type Writer = { readonly pid: number; readonly program: string };

/** A log this process has open, and as whom the kernel knows it. */
export type OpenLog = { readonly ino: number; readonly link: string };

/** @param descriptor this process's own @param ino of the file */
export function openLog(descriptor: number, ino: number): OpenLog {
  return { ino, link: readlinkSync(`/proc/self/fd/${descriptor}`) };
}

/**
 * The process of the run that has opened its log again by itself, as `tee /dev/stderr` does: it writes from where it is and not at
 * the end, so it writes over what others have written. null: none now, or that cannot be seen.
 */
export async function whoWritesOver(processes: Processes, tree: Tree, log: OpenLog): Promise<Writer | null> {
  for (const { pid } of (await findMembers(processes, tree)).slice(0, MOST_LOOKED_AT)) {
    const own = descriptorsOf(pid).some((fd) => {
      const flags = Number.parseInt(fieldOf(pid, fd, "flags") ?? "", 8);
      return flags > 0 && (flags & ACCESS) !== 0 && (flags & APPEND) === 0 && leadsTo(pid, fd, log);
    });
    if (own) return { pid, program: nameOf(pid) };
  }
  return null;
}

/** Up to which byte the launcher and its program have written through the descriptor they were given; null: not known. */
export function writtenBy(launcher: ProcessIdentity | null, log: OpenLog): number | null {
  if (launcher === null || !leadsTo(launcher.pid, "1", log)) return null;
  const position = Number.parseInt(fieldOf(launcher.pid, "1", "pos") ?? "", 10);
  return Number.isNaN(position) ? null : position;
}

function descriptorsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`);
  } catch {
    return [];
  }
}

/** By what the kernel knows of the descriptor. The file behind it is not asked: another of the program's may lie on a mount that hangs. */
function leadsTo(pid: number, fd: string, { ino, link }: OpenLog): boolean {
  try {
    if (readlinkSync(`/proc/${pid}/fd/${fd}`) !== link) return false;
    // Since Linux 5.14; a process in a container may have another file of the same name.
    const known = fieldOf(pid, fd, "ino");
    return known === null || Number(known) === ino;
  } catch {
    return false;
  }
}

function fieldOf(pid: number, fd: string, name: string): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/fdinfo/${fd}`, "latin1");
    return new RegExp(`^${name}:\\s*(\\S+)`, "m").exec(text)?.[1] ?? null;
  } catch {
    return null;
  }
}

function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return "";
  }
}
