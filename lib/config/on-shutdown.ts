import { existsSync, readFileSync, readlinkSync } from "node:fs";
import type { ShutdownPolicy } from "@/lib/domain/shutdown";

/** `why`: half a sentence for the log. */
export type OnShutdown = { readonly policy: ShutdownPolicy; readonly why: string };

/** What tells a host from a container. */
export type HostFacts = {
  readonly pid: number;
  /** Which of the files are there that container engines make. */
  readonly engineFiles: readonly string[];
  /** The variable `container`, which podman, LXC and systemd-nspawn set. */
  readonly containerEnv: string | null;
  readonly cgroup: string;
  /** `pid:[…]`; null where there is no /proc. */
  readonly pidNamespace: string | null;
};

const ENGINE_FILES = ["/.dockerenv", "/run/.containerenv"];
const ENGINE_CGROUP =
  /(?:^|[/:])(?:docker\/|docker-[0-9a-f]{12}|kubepods|libpod-|cri-containerd|crio-|lxc\/|lxc\.payload)/m;
/** The kernel gives the first pid namespace this number, always (PROC_PID_INIT_INO). */
const FIRST_PID_NAMESPACE = "pid:[4026531836]";

/**
 * On a host runs outlive the dashboard. In a container they would be killed a moment later without a farewell, so there they
 * are stopped; the same as pid 1, with which everything ends.
 * @param asked what the configuration says; it always wins
 */
export function onShutdown(asked: ShutdownPolicy | null, host: HostFacts): OnShutdown {
  if (asked !== null) return { policy: asked, why: `UNSTUCK_ON_SHUTDOWN=${asked}` };
  const [first] = signsOfContainer(host);
  return first === undefined
    ? { policy: "leave", why: "it runs on a host" }
    : { policy: "stop", why: `its processes end with it: ${first}` };
}

/**
 * systemd ends every process of a unit unless it is told not to, and does not say so to the unit: so a dashboard that leaves the runs
 * alone under systemd is told what that takes.
 * @param pid of the process a service manager has started: this one, or the one that keeps it under another Node
 * @returns null where systemd has not started that very process
 */
export function systemdHint({ policy }: OnShutdown, env: NodeJS.ProcessEnv, pid: number): string | null {
  if (policy !== "leave" || env.SYSTEMD_EXEC_PID !== String(pid)) return null;
  return "Runs outlive this service only with KillMode=process in its unit (docs/deploy.md); otherwise set UNSTUCK_ON_SHUTDOWN=stop.";
}

function signsOfContainer(host: HostFacts): string[] {
  const signs = host.engineFiles.map((file) => `${file} is there`);
  if (host.pid === 1) signs.unshift("it is pid 1");
  if (host.containerEnv !== null) signs.push(`the variable container is "${host.containerEnv}"`);
  const group = ENGINE_CGROUP.exec(host.cgroup)?.[0];
  if (group !== undefined) signs.push(`its cgroup is a container's (${group.replace(/^[/:]/, "")})`);
  if (host.pidNamespace !== null && host.pidNamespace !== FIRST_PID_NAMESPACE)
    signs.push("it has a pid namespace of its own");
  return signs;
}

/** @param pid of the process a service manager or container engine has started */
export function factsOfThisHost(env: NodeJS.ProcessEnv, pid: number = process.pid): HostFacts {
  return {
    pid,
    engineFiles: ENGINE_FILES.filter((file) => existsSync(file)),
    containerEnv: env.container || null,
    cgroup: unlessMissing(() => readFileSync("/proc/self/cgroup", "utf8")) ?? "",
    pidNamespace: unlessMissing(() => readlinkSync("/proc/self/ns/pid")),
  };
}

function unlessMissing(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}
