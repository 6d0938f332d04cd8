import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "./folders";
import { until } from "./until";

/** Why no file system can be made to hang here; null: one can. Needs bindfs (Debian: bindfs) and root. */
export function noHangingMount(): string | null {
  if (process.getuid?.() !== 0) return "mounting needs root";
  if (!existsSync("/dev/fuse")) return "there is no /dev/fuse";
  if (spawnSync("unshare", ["--mount", "true"]).status !== 0) return "mounting is not allowed here";
  const installed = (process.env.PATH ?? "").split(":").some((folder) => existsSync(join(folder, "bindfs")));
  return installed ? null : "bindfs is not installed";
}

export type HangingMount = {
  /** Where it is mounted, and the folder it shows, which always answers. */
  readonly path: string;
  readonly behind: string;
  /** Its server is stopped: whoever asks for anything below `path` waits. */
  hang(): void;
  /** The same for so many seconds, whatever becomes of this process: what is tested may hold it up. */
  hangFor(seconds: number): void;
  hangs(): boolean;
  answer(): void;
  end(): Promise<void>;
};

/** Whether a process waits for the answer of a FUSE server. */
export function waitsForMount(pid: number): boolean {
  return readFileSync(`/proc/${pid}/wchan`, "utf8") === "request_wait_answer";
}

/**
 * A folder shown at another path by a FUSE server that can be stopped. It is ended with the test, if nobody has done so before.
 * @param folder without links in its path; it gets `mount` and `behind`, and must not be removed before the mount has ended
 */
export async function hangingMount(folder: string = temporaryFolder()): Promise<HangingMount> {
  const behind = join(folder, "behind");
  mkdirSync(behind);
  writeFileSync(join(behind, "mounted"), "");
  const { path, pid, signal, end } = await bind(behind, join(folder, "mount"));
  // Before the folder goes, which must not be removed through the mount.
  onTestFinished(end);
  const hang = () => signal("SIGSTOP");
  return {
    path,
    behind,
    hang,
    hangFor: (seconds) => {
      hang();
      const end = spawn("sh", ["-c", `sleep ${seconds}; kill -CONT ${pid}`], {
        stdio: "ignore",
        detached: true,
      });
      onTestFinished(() => {
        if (end.pid !== undefined && end.exitCode === null) process.kill(-end.pid, "SIGKILL");
      });
    },
    hangs: () => /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, "utf8")),
    answer: () => signal("SIGCONT"),
    end,
  };
}

async function bind(from: string, to: string) {
  mkdirSync(to);
  // Nothing is remembered by the kernel: each look is a question to the server.
  const options = "attr_timeout=0,entry_timeout=0,negative_timeout=0";
  const server = spawn("bindfs", ["-f", "-o", options, from, to], { stdio: "ignore" });
  const gone = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  let ended = false;
  // Mounted is not yet answering: until the server has said its first word, whoever asks waits somewhere else in the kernel.
  await until(`${to} is mounted`, () => {
    if (server.exitCode !== null)
      throw new Error(`bindfs ended with ${server.exitCode} instead of mounting ${to}.`);
    return isMounted(to) && existsSync(join(to, "mounted"));
  });
  return {
    path: to,
    pid: server.pid,
    signal: (signal: NodeJS.Signals) => void server.kill(signal),
    end: async () => {
      if (ended) return;
      ended = true;
      server.kill("SIGCONT");
      execFileSync("umount", ["--lazy", to]);
      server.kill("SIGKILL");
      await gone;
    },
  };
}

function isMounted(path: string): boolean {
  return readFileSync("/proc/self/mountinfo", "utf8").includes(` ${path} `);
}
