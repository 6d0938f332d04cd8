import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { parentOf } from "./processes";
import { until } from "./until";

/** Runs what follows in a pid namespace of its own, like a container; when this ends, everything in it is killed. */
export const AS_CONTAINER = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "--"];

/** The same with an init in front, which takes in orphans. A program that follows is not pid 1. */
export const AS_CONTAINER_WITH_INIT = [...AS_CONTAINER, "sh", "-c", '"$@" & wait $!; exit $?', "sh"];

/** Why there can be no pid namespaces here; null when there can. */
export const NO_NAMESPACES = why(
  () => execFileSync("unshare", [...AS_CONTAINER.slice(1), "true"], { stdio: "ignore" }),
  "needs the right to make pid namespaces",
);

/** The process that `unshare` has started: pid 1 in there, this number out here. */
export async function initOf(unsharePid: number): Promise<number> {
  return until("the namespace has its first process", () => childrenOf(unsharePid)[0] ?? null);
}

export function childrenOf(pid: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && parentOf(Number(name)) === pid)
    .map(Number);
}

/** Which number a process has in its own namespace, as its status file tells last; null: it is gone, perhaps just now. */
export function pidInside(pid: number): number | null {
  try {
    const line = /^NSpid:(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? "";
    return Number(line.trim().split(/\s+/).at(-1));
  } catch {
    return null;
  }
}

/** The same of a process that must be there. */
export function livePidOutside(init: number, inside: number): number {
  const pid = pidOutside(init, inside);
  if (pid === null) throw new Error(`Nobody has the number ${inside} in there.`);
  return pid;
}

/** The outside number of a process of the namespace whose first process is `init`; null: there is none. */
export function pidOutside(init: number, inside: number): number | null {
  const namespace = namespaceOf(init);
  const found = readdirSync("/proc").filter(
    (name) => /^\d+$/.test(name) && namespaceOf(Number(name)) === namespace,
  );
  return found.map(Number).find((pid) => pidInside(pid) === inside) ?? null;
}

/**
 * Starts a foreign process under exactly this number in the namespace, as another program might get it by chance. Tried some
 * hundred times: anybody's fork may come in between. The next number is far away then, so that no later shell of ours is given one that is wanted.
 */
export function takePid(init: number, inside: number): void {
  const script = `i=0; while [ "$i" -lt 300 ]; do i=$((i + 1))
    echo $(($0 - 1)) >/proc/sys/kernel/ns_last_pid || exit 2
    sleep 3600 >/dev/null 2>&1 & if [ $! = "$0" ]; then echo 20000 >/proc/sys/kernel/ns_last_pid; exit 0; fi; kill $!; wait $!; done; exit 1`;
  execFileSync(
    "nsenter",
    ["-t", String(init), "-p", "-m", "env", "-i", "/bin/sh", "-c", script, String(inside)],
    {
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
}

function namespaceOf(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return null;
  }
}

function why(attempt: () => unknown, reason: string): string | null {
  try {
    attempt();
    return null;
  } catch {
    return reason;
  }
}
