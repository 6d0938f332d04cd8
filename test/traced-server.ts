import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { newDataDir, startServer, type TestServer } from "./server";

/** A server whose system calls are written down, so that a test can count what costs: syncs, reads of /proc, processes. */
export type TracedServer = {
  readonly server: TestServer;
  /** What the server itself has asked of the system while `work` was under way. What its children ask is not counted. */
  during(work: () => Promise<void>): Promise<Calls>;
  /** Ends the server and with it strace, which would leave it behind. */
  end(): Promise<void>;
};

export type Calls = { readonly syncs: number; readonly forks: number; readonly procReads: number };

const CALLS = "trace=fsync,fdatasync,openat,clone,clone3,vfork,fork";

export async function startTraced(): Promise<TracedServer> {
  const dataDir = newDataDir();
  const file = join(newDataDir(), "calls");
  const server = await startServer({ dataDir, through: ["strace", "-f", "-qq", "-e", CALLS, "-o", file] });
  const pid = childOf(server.pid);
  return {
    server,
    during: async (work) => {
      const from = statSync(file).size;
      await work();
      const own = new Set(readdirSync(`/proc/${pid}/task`));
      const lines = readFileSync(file).subarray(from).toString("utf8").split("\n");
      return counted(lines.filter((line) => own.has(line.split(/\s+/, 1)[0] ?? "")));
    },
    end: async () => {
      process.kill(pid, "SIGKILL");
      await server.gone;
    },
  };
}

/** A call that was interrupted by another thread's has two lines; the second names no arguments. */
function counted(lines: readonly string[]): Calls {
  const count = (call: RegExp) => lines.filter((line) => call.test(line)).length;
  return {
    syncs: count(/^\d+ +f(data)?sync\(/),
    forks: count(/^\d+ +(clone3?|v?fork)\((?!.*CLONE_THREAD)/),
    procReads: count(/^\d+ +openat\(\S+ "\/proc\/\d/),
  };
}

function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").trim().split(" ")[0]);
}
