import { accessSync, constants, existsSync, readdirSync, readFileSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Parts } from "@/lib/booted";
import { wallClock } from "@/lib/clock";
import { handedOn, isCarried } from "@/lib/domain/environment";
import { whyUnconfirmed } from "@/lib/domain/folder-words";
import type { DoctorFacts } from "@/lib/domain/ports/doctor-facts";
import { unseenCrawl } from "@/lib/domain/scrapy-call";
import { ownName } from "@/lib/own-name";
import { slot } from "@/lib/slot.mjs";
import { environmentPolicy } from "@/lib/store/environment";
import { listCalls, listJobsOf } from "@/lib/store/jobs";
import { probeStore } from "@/lib/store/probe";
import { findUnreadable } from "@/lib/store/unreadable";
import { processesOfThisHost } from "@/lib/supervisor/processes/of-this-host";

/** As server/listen-config.mjs has them; empty: not set. */
const LOOPBACK = ["", "127.0.0.1", "::1", "localhost"];

/** Looks at this installation for `unstuck doctor`; lib/services/doctor judges what is found. */
export async function doctorFacts({
  supervisor,
  config,
  auth,
  store,
  disk,
  socket,
  origin,
  environment,
  folder,
}: Parts): Promise<DoctorFacts> {
  const doubt = folder.unconfirmed();
  const { paths, onShutdown, disk: diskLimits } = config;
  const policy = await environmentPolicy(store);
  const handed = handedOn(environment, config.inherit, policy);
  const { uid, mode } = statSync(paths.data);
  return {
    nodeVersion: process.versions.node,
    user: process.getuid?.() ?? 0,
    dataFolder: {
      path: paths.data,
      owner: uid,
      mode,
      networkFileSystem: networkFileSystem(paths.data),
      doubt: doubt === null ? null : whyUnconfirmed(doubt, paths.data),
    },
    database: {
      file: paths.database,
      bytes: sizeOf(paths.database),
      walBytes: sizeOf(`${paths.database}-wal`),
      ...(await probeStore(store)),
    },
    unreadable: await findUnreadable(store),
    launcher: { folder: paths.launchers, shell: existsSync("/bin/sh"), usable: launcherIn(paths.launchers) },
    disk: disk.last(),
    diskLimits,
    clock: { now: wallClock(), synchronised: synchronised() },
    socket: { path: socket.path, why: socket.why },
    unseenCrawls: await unseenCrawls(store),
    runAs: await jobsOfRoot(store),
    unrecovered: supervisor.unrecovered(),
    accounts: {
      state: config.open ? "open" : auth.hasUsers() ? "some" : "none",
      refused: auth.refusedCalls(),
      keyOpenToOthers: openToOthers(config.secretKeyFile ?? paths.secretKey),
    },
    origin,
    beyondLoopback: !LOOPBACK.includes(process.env.HOST?.toLowerCase() ?? ""),
    environment: {
      use: policy.use,
      names: handed.variables.filter(({ from }) => from === "recorded").map(({ name }) => name),
      missing: handed.missing.map(({ name }) => name),
      notCarried: handed.variables.map(({ name }) => name).filter((name) => !isCarried(name)),
    },
    onShutdown,
    systemd: systemdUnit(),
    init: { isFirstProcess: servicePid() === 1, name: trimmed("/proc/1/comm") },
    // The first process is another user's wherever anything is hidden from us.
    hidesProcesses: processesOfThisHost().isHidden(1),
    openFiles: openFiles(),
  };
}

async function unseenCrawls(store: Parts["store"]): Promise<string[]> {
  const calls = await listCalls(store, "scrapy");
  return calls.filter((call) => unseenCrawl(call) !== null).map(({ id }) => id);
}

async function jobsOfRoot(store: Parts["store"]): Promise<DoctorFacts["runAs"]> {
  if (process.getuid?.() !== 0) return { root: [], unsaid: [] };
  const [root, unsaid] = await Promise.all(
    [ownName() ?? "root", null].map((user) => listJobsOf(store, user)),
  );
  return { root: root ?? [], unsaid: unsaid ?? [] };
}

/** @returns the file; null: no other user may read it, or it is not there */
function openToOthers(file: string): string | null {
  const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0;
  return (mode & 0o077) === 0 ? null : file;
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** By the magic numbers of linux/magic.h. */
const NETWORK_FILE_SYSTEMS: Readonly<Record<number, string>> = {
  26985: "NFS",
  20859: "SMB",
  4283649346: "CIFS",
  4266872130: "SMB2",
  16914839: "9P",
};

function networkFileSystem(folder: string): string | null {
  return NETWORK_FILE_SYSTEMS[statfsSync(folder).type] ?? null;
}

function launcherIn(folder: string): string | null {
  try {
    for (const name of readdirSync(folder)) {
      if (!/^launcher-[0-9a-f]{16}\.sh$/.test(name)) continue;
      accessSync(join(folder, name), constants.R_OK);
      return name;
    }
  } catch {
    // Not readable: there is none to use.
  }
  return null;
}

/** systemd-timesyncd and chrony leave a file; others cannot be told here. */
function synchronised(): boolean | null {
  if (existsSync("/run/systemd/timesync/synchronized") || existsSync("/run/chrony/chronyd.pid")) return true;
  return existsSync("/run/systemd/timesync") ? false : null;
}

/** The process a service manager or container engine has started; under an older Node that is this one's parent. */
function servicePid(): number {
  return slot().server?.servicePid ?? process.pid;
}

const UNIT_FOLDERS = [
  "/etc/systemd/system",
  "/run/systemd/system",
  "/usr/local/lib/systemd/system",
  "/lib/systemd/system",
];

/** The unit cannot be asked for its KillMode without systemctl, so its files are read: drop-ins win over the unit. */
function systemdUnit(): { unit: string | null; killMode: string | null } {
  if (process.env.SYSTEMD_EXEC_PID !== String(servicePid())) return { unit: null, killMode: null };
  const unit = /([^/\n]+\.service)(?:\/|$)/m.exec(trimmed("/proc/self/cgroup") ?? "")?.[1] ?? "its unit";
  const texts = UNIT_FOLDERS.toReversed().flatMap((folder) => {
    const main = trimmed(join(folder, unit));
    return [...(main === null ? [] : [main]), ...dropIns(join(folder, `${unit}.d`))];
  });
  if (texts.length === 0) return { unit, killMode: null };
  const said = texts.flatMap((text) =>
    [...text.matchAll(/^\s*KillMode\s*=\s*(\S+)/gm)].map(([, mode]) => mode),
  );
  return { unit, killMode: said.at(-1) ?? "control-group" };
}

function dropIns(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith(".conf"));
    return names.sort().map((name) => trimmed(join(folder, name)) ?? "");
  } catch {
    return [];
  }
}

function openFiles(): number | null {
  const soft = /^Max open files\s+(\d+)/m.exec(trimmed("/proc/self/limits") ?? "")?.[1];
  return soft === undefined ? null : Number(soft);
}

function trimmed(file: string): string | null {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return null;
  }
}
