import type { HostInstance, ProcessIdentity } from "@/lib/domain/run";

/** One process as the kernel shows it now. */
export type ProcessInfo = {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** The kernel's letter; `Z` and `X` are dead, whatever kill(pid, 0) says. */
  readonly state: string;
  readonly startTicks: number;
  /** As a scan found it, where one did: a process that lives for milliseconds cannot be asked afterwards. */
  readonly marker?: string | null;
};

export type ProcessDescription = {
  /** Its command line in one line, shortened; never empty. */
  readonly command: string;
  readonly marker: string | null;
  /** False for a thread: numbers of threads are taken from the pids, and /proc answers to them too. */
  readonly isProcess: boolean;
};

/** What tells which part a process plays in its tree. */
export type ProcessMakeup = {
  /** Empty where it may not be read. */
  readonly argv: readonly string[];
  /** Numbers of the signals it has a handler for, and of those it ignores; empty where that cannot be seen. */
  readonly catches: ReadonlySet<number>;
  readonly ignores: ReadonlySet<number>;
  /**
   * What its standard input and output lead to, as /proc calls it (`pipe:[81]`, `/dev/null`), with ` (append)` where it was opened so;
   * null where that cannot be seen.
   */
  readonly input: string | null;
  readonly output: string | null;
};

/** By number. Of one that has another start it says nothing. */
export type KnownProcesses = ReadonlyMap<number, { readonly startTicks: number; readonly marker: string }>;

/** What the supervisor asks of an operating system. */
export type Processes = {
  /** null when there is no such process, or when it is hidden. */
  read(pid: number): ProcessInfo | null;
  /**
   * Whether a process has this number that `read` cannot see: another user's, where the system hides those.
   */
  isHidden(pid: number): boolean;
  /**
   * Whether any process or thread has this number, dead ones too, and whichever it is. A single question to the kernel that opens
   * nothing, thirty times cheaper than `read`; null where that cannot be asked.
   */
  isTaken(pid: number): boolean | null;
  /** Every process that is not dead and runs a program; gives the event loop a turn every few milliseconds. */
  list(): Promise<readonly ProcessInfo[]>;
  /**
   * What the last scan found, if it missed none and nothing was started since: all that live now are in it, and may have ended, or got another parent,
   * meanwhile. null: there is no such scan, or it is a second old.
   */
  lastWhole(): readonly ProcessInfo[] | null;
  /**
   * The numbers of processes that this one has started, from one file; some may be missing, and all where the host has no such file. Those that were not
   * waited for are among them.
   */
  children(parent: number): ReadonlySet<number>;
  /**
   * A number that has grown since the last reading if a process was started anywhere on the machine, or if a scan met one that was just
   * becoming another program; null where that is not known. Two equal readings: the scan between them has missed none.
   */
  changes(): number | null;
  /** The value of UNSTUCK_RUN in the environment a process was started with; null when it has none or may not be read. */
  marker(pid: number): string | null;
  /** Any variable of that environment; read again at every call. */
  variable(pid: number, name: string): string | null;
  /**
   * How long ago a process with this start was started, by the monotonic clock; null where that is not known.
   */
  ageMs(identity: ProcessIdentity): number | null;
  /**
   * Tells whose some processes are, by identity: to read an environment costs a scan as much as everything else about a process.
   * @param source asked at the beginning of each scan
   */
  know(source: () => KnownProcesses): void;
  /** Read again at every call, for one process at a time; null when there is no such process. */
  describe(pid: number): ProcessDescription | null;
  /** Read again at every call; null when there is no such process. */
  makeup(pid: number): ProcessMakeup | null;
  /** The clock that start ticks count on, in milliseconds. */
  sinceBootMs(): number;
  readonly tickMs: number;
  /** Which boot and which container pids belong to; a pid of another instance means nothing here. */
  hostInstance(): HostInstance;
};

/**
 * @param look with at least one scan of all processes in it
 * @returns what it has seen; `whole`: it can have missed none, so that none found means that none is there. Where that is false it proves nothing.
 */
export async function seeWhole<Seen>(
  processes: Pick<Processes, "changes">,
  look: () => Promise<Seen>,
): Promise<{ readonly seen: Seen; readonly whole: boolean }> {
  const before = processes.changes();
  const seen = await look();
  return { seen, whole: before !== null && processes.changes() === before };
}

export function isDead(info: Pick<ProcessInfo, "state">): boolean {
  return info.state === "Z" || info.state === "X";
}

/** The process itself, not a later owner of its number. */
export function isAlive(processes: Processes, identity: ProcessIdentity): boolean {
  const found = processes.read(identity.pid);
  return found !== null && !isDead(found) && found.startTicks === identity.startTicks;
}
