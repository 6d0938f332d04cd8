import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Child, startChild } from "./children";
import { temporaryFolder } from "./folders";
import { stateOf } from "./processes";
import { until } from "./until";

/** A process that has ended and that its parent never takes note of. Ending `parent` ends it too. */
export async function startZombie(): Promise<{ readonly pid: number; readonly parent: Child }> {
  const folder = temporaryFolder();
  // The shell becomes a program that reaps nobody before its child ends; a shell would reap it.
  const script = "while [ ! -e end ]; do sleep 0.02; done & echo $! > pid; exec sleep 300";
  const parent = startChild("sh", ["-c", script], { cwd: folder });
  await until("the shell has become sleep", () => read(`/proc/${parent.pid}/cmdline`).startsWith("sleep"));
  const pid = Number(read(join(folder, "pid")));
  writeFileSync(join(folder, "end"), "");
  await until("its child is a zombie", () => stateOf(pid) === "Z");
  return { pid, parent };
}

function read(path: string): string {
  return readFileSync(path, "latin1");
}
