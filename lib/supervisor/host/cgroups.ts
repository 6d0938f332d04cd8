import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { failedWith } from "../files/system-error";
import { entrance } from "./entrance";
import { type GroupFolder, HOME_PREFIX, pidsIn, removeGroup, writeInto } from "./group";
import { whereWeAre } from "./where";

/**
 * `memory`: every run has a cgroup and its memory can be limited and measured there. `groups`: every run has one, which counts
 * its processor time and ends it for certain. `none`: there is none to be had, and runs are known by scans alone.
 */
export const CGROUP_MODES = ["memory", "groups", "none"] as const;
export type CgroupMode = (typeof CGROUP_MODES)[number];

export type Cgroups = {
  readonly mode: CgroupMode;
  /** Why it is so; in a sentence for people, after "because". */
  readonly why: string;
  /** The run's own group, new or as it was; null when it cannot be made. Not at once: the kernel makes one only while no process is entering another. */
  make(runId: string): Promise<GroupFolder | null>;
  /** A program will soon enter its group: see `entrance.ts`. */
  expectEntry(): Promise<void>;
  /** Removes the groups of runs that are over. */
  tidy(isOver: (runId: string) => Promise<boolean>): Promise<void>;
};

/** The group the dashboard itself sits in where systemd (`DelegateSubgroup=`) or we put it, so that its parent may hand on controllers. */
const OURS = "dashboard";

/** Finds out, once at boot, what this host gives us. @param dataFolder tells several dashboards of one host apart */
export function findCgroups(dataFolder: string): Cgroups {
  const place =
    process.platform === "linux" ? whereWeAre(read("/proc/self/mountinfo"), read("/proc/self/cgroup")) : null;
  if (place === null) return noCgroups("no cgroup v2 is mounted here");
  const base = basename(place.folder) === OURS ? dirname(place.folder) : place.folder;
  const instance = createHash("sha256").update(dataFolder).digest("hex").slice(0, 8);
  const home = join(base, `${HOME_PREFIX}${instance}`);
  try {
    mkdirSync(home, { recursive: true });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    return noCgroups(`the cgroup ${base} is not ours to divide (${code})`);
  }
  if (!existsSync(join(home, "cgroup.kill")))
    return noCgroups("this kernel's cgroups cannot end a group (cgroup.kill, Linux 5.14)");
  const obstacle = handOnMemory(base, home);
  void removeGroup(join(home, "none"));
  return obstacle === null
    ? within(home, "memory", "cgroup v2 is there with its memory controller")
    : within(home, "groups", obstacle);
}

/** Runs without groups of their own. */
export function noCgroups(why: string): Cgroups {
  return { mode: "none", why, make: async () => null, expectEntry: async () => {}, tidy: async () => {} };
}

function within(home: string, mode: CgroupMode, why: string): Cgroups {
  return {
    mode,
    why,
    expectEntry: entrance(),
    async make(runId) {
      const group = join(home, runId);
      // The folder of all goes with the last group, so it may go in between.
      for (let tries = 0; tries < 3; tries += 1) {
        try {
          await mkdir(group);
          return group;
        } catch (error) {
          if (failedWith(error, "EEXIST")) return group;
          if (!failedWith(error, "ENOENT")) return null;
        }
        const made = await mkdir(home, { recursive: true }).catch(() => undefined);
        if (made !== undefined && mode === "memory") enable(home);
      }
      return null;
    },
    async tidy(isOver) {
      if (!existsSync(home)) return;
      const names = readdirSync(home, { withFileTypes: true }).filter((entry) => entry.isDirectory());
      for (const { name } of names) if (await isOver(name)) await removeGroup(join(home, name));
    },
  };
}

/** @returns why the memory controller cannot be had below `home`; null when it can */
function handOnMemory(base: string, home: string): string | null {
  if (!words(join(base, "cgroup.controllers")).includes("memory"))
    return "cgroup v2 has no memory controller here";
  if (!enable(base) && !enableAfterMoving(base))
    return `${base} cannot pass on the memory controller while processes are in it`;
  return enable(home) ? null : "the memory controller cannot be passed on to runs";
}

function enable(group: string): boolean {
  const file = join(group, "cgroup.subtree_control");
  return words(file).includes("memory") || writeInto(file, "+memory");
}

/**
 * Only the root of a container's own namespace is rearranged: all that is in it moves to a group beside the runs, since a group
 * with processes of its own may not hand controllers on. A systemd unit is left as it is: systemd could not start it again
 * while runs are left in it. `DelegateSubgroup=` does the same there, properly.
 */
function enableAfterMoving(base: string): boolean {
  const contained = whereWeAre(read("/proc/self/mountinfo"), read("/proc/self/cgroup"))?.root === true;
  if (!contained || !existsSync(join(base, "cgroup.type"))) return false;
  try {
    mkdirSync(join(base, OURS), { recursive: true });
  } catch {
    return false;
  }
  for (const pid of pidsIn(base)) if (pid > 0) writeInto(join(base, OURS, "cgroup.procs"), String(pid));
  return enable(base);
}

function words(file: string): string[] {
  return read(file).trim().split(/\s+/);
}

function read(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
