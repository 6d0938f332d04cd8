import type { DoctorFacts } from "@/lib/domain/ports/doctor-facts";
import { T0 } from "./factories";

/** What the doctor finds on a machine where nothing is wrong. */
export function doctorFacts(changes: Partial<DoctorFacts> = {}): DoctorFacts {
  return {
    nodeVersion: "24.0.0",
    user: 1_000,
    dataFolder: { path: "/data", owner: 1_000, mode: 0o700, networkFileSystem: null, doubt: null },
    database: {
      file: "/data/unstuck.db",
      bytes: 1_000_000,
      walBytes: 0,
      tookMs: 1,
      problem: null,
      newestAt: T0,
    },
    unreadable: [],
    launcher: { folder: "/data/_launchers", shell: true, usable: "/data/_launchers/1.sh" },
    disk: { freeBytes: 5e9, freePercent: 50, freeInodesPercent: 90, state: "ok" },
    diskLimits: { warnPercent: 10, refusePercent: 5 },
    clock: { now: T0, synchronised: true },
    socket: { path: "/data/_socket", why: null },
    unseenCrawls: [],
    runAs: { root: [], unsaid: [] },
    unrecovered: [],
    accounts: { state: "some", refused: [], keyOpenToOthers: null },
    origin: "http://127.0.0.1:3000",
    beyondLoopback: false,
    environment: { use: "short", names: [], missing: [], notCarried: [] },
    onShutdown: { policy: "leave", why: "nothing says otherwise" },
    systemd: { unit: null, killMode: null },
    init: { isFirstProcess: false, name: "systemd" },
    hidesProcesses: false,
    openFiles: 65_536,
    ...changes,
  };
}
