import type { JobPidFile, PidFileSight } from "@/lib/domain/pid-file";
import { uidOf } from "../processes/owner";
import { isDead, type ProcessDescription, type ProcessInfo } from "../processes/processes";
import type { SupervisorPorts } from "../watch/ports";
import type { Watched, Watchlist } from "../watch/watched";
import { type PidFileContent, readPidFile } from "./pid-file";

type Ports = Pick<SupervisorPorts, "processes" | "clock" | "files">;

/**
 * Who is behind a pid file? A pid alone proves nothing: its process must be alive, a whole process, none of ours, and must have
 * been there when the file was written (docs/pid-files.md).
 */
export async function seePidFile(ports: Ports, list: Watchlist, file: JobPidFile): Promise<PidFileSight> {
  const content = await readPidFile(ports.files.as(file.runAs), file.path);
  const sight = seeContent(ports, list, content);
  return sight.found === "foreign" ? unlessAnothers(ports, file, sight) : sight;
}

function seeContent(ports: Ports, list: Watchlist, content: PidFileContent): PidFileSight {
  switch (content.is) {
    case "missing":
      return { found: "nothing" };
    case "refused":
    case "unanswered":
      return { found: content.is, why: content.why };
    case "garbage":
      return seeNumbers(ports, list, content) ?? { found: "stale", why: content.why, pid: null };
    default:
      return seeProcess(ports, list, content.pid, content.writtenAt);
  }
}

/**
 * A user that may write the file could name any process in it, and have it ended by those who may stop the job. So where a job has a user of its own,
 * only that user's processes count.
 */
async function unlessAnothers(
  { files }: Ports,
  { runAs }: JobPidFile,
  sight: Extract<PidFileSight, { found: "foreign" }>,
): Promise<PidFileSight> {
  if (runAs === null || files.isOwn(runAs)) return sight;
  const { pid } = sight.process.identity;
  const uid = uidOf(pid);
  // Of a user that is no more, or whose processes do not answer, none is known to be that one's.
  const account = await files.account(runAs).catch(() => null);
  if (uid !== null && uid === account?.uid) return sight;
  const whose = uid === null ? "that has just ended" : `of another user (${uid})`;
  return {
    found: "refused",
    why: `it names process ${pid}, one ${whose}, and the job runs as ${runAs}. No such process is ended for this job: correct the file, or remove it`,
  };
}

/**
 * In a form that is not known a number may be the pid of the file's writer: as long as a program lives that
 * has it and was there before the file, nothing is started beside it and nothing written over it. Which of
 * them it is cannot be known, so it is never certain.
 */
function seeNumbers(
  ports: Ports,
  list: Watchlist,
  { numbers, writtenAt }: { readonly numbers: readonly number[]; readonly writtenAt: number },
): PidFileSight | null {
  for (const number of numbers) {
    const sight = seeProcess(ports, list, number, writtenAt);
    if (sight.found === "ours") return sight;
    // Kernel threads are shown in brackets. They write no files, and their numbers are small and many.
    if (sight.found !== "foreign" || sight.process.command.startsWith("[")) continue;
    return { found: "foreign", process: { ...sight.process, certain: false, doubt: "form" } };
  }
  return null;
}

function seeProcess(ports: Ports, list: Watchlist, pid: number, writtenAt: number): PidFileSight {
  const { processes, clock } = ports;
  const info = processes.read(pid);
  if (info === null && processes.isHidden(pid)) return { found: "refused", why: hidden(pid) };
  if (info === null) return stale(pid, "there is no such process");
  if (isDead(info)) return stale(pid, "that process has ended (its parent has not noticed yet)");
  const about = processes.describe(pid);
  if (about === null) return stale(pid, "there is no such process");
  if (!about.isProcess) return stale(pid, "that is a thread of another program");
  if (isAboveUs(ports, pid)) return stale(pid, "that is Unstuck itself, or what it was started from");
  const owner = ownerOf(list, info, about);
  if (owner !== null) return { found: "ours", pid, runId: owner.run.id, jobId: owner.run.jobId };
  const startedMs = info.startTicks * processes.tickMs;
  const order = clock.order(startedMs, writtenAt);
  if (order === "file_first")
    return stale(pid, `process ${pid} (${about.command}) was started after the file was written`);
  const { startTicks } = info;
  return {
    found: "foreign",
    process: {
      identity: { pid, startTicks },
      command: about.command,
      startedAt: clock.wallTime(startedMs),
      certain: order === "process_first",
      doubt: order === "process_first" ? null : "clock",
    },
  };
}

/**
 * Whether that is the program cannot be known: it may be, as another user's, or a later owner of the number.
 */
function hidden(pid: number): string {
  return `it names process ${pid}, which is alive but belongs to another user, and this system hides other users' processes from the dashboard (hidepid or ProtectProc). Check what it is (as root: ps -p ${pid}); if it is not the program, remove the file`;
}

function stale(pid: number, why: string): PidFileSight {
  return { found: "stale", pid, why };
}

/** A pid file that names the shell Unstuck was started from must not make anybody end Unstuck. */
function isAboveUs({ processes }: Pick<Ports, "processes">, pid: number): boolean {
  const seen = new Set<number>();
  for (let above = process.pid; above > 1 && !seen.has(above); ) {
    if (above === pid) return true;
    seen.add(above);
    above = processes.read(above)?.parent ?? 0;
  }
  return false;
}

/** By its marker, or because the row or the claim names it: a program may clear its environment. */
function ownerOf(list: Watchlist, info: ProcessInfo, about: ProcessDescription): Watched | null {
  for (const watched of list.values()) {
    const { launcher, payload, marker } = watched.tree;
    if (about.marker === marker) return watched;
    for (const identity of [launcher, payload])
      if (identity?.pid === info.pid && identity.startTicks === info.startTicks) return watched;
  }
  return null;
}
