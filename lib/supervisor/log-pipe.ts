import { spawn } from "node:child_process";
import { lstatSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Files } from "@/lib/domain/files";
import type { RunSpec } from "@/lib/domain/job";
import { namesOwnOutput } from "@/lib/domain/own-output";
import { resolvePath } from "@/lib/domain/paths";
import type { ProcessIdentity } from "@/lib/domain/run";
import type { SupervisorPorts } from "./ports";
import { type RunFiles, readPump } from "./run-files";
import { failedWith } from "./system-error";
import type { Watched } from "./watched";

/** Of a script that may open its own output again. */
const SCRIPT_BYTES = 128 * 1024;
const LOOK_MS = 20;
/** A pump that has written nothing for so long has nothing to write: something the run left behind holds the pipe. */
const IDLE_MS = 500;
const DRAIN_MS = 10_000;
const SLEEPING = "S";
const DEAD = ["Z", "X"];

/**
 * Why a run's output is to go through a pipe, as a sentence's end; null: its program writes into the log itself.
 * Asked for by the job, or because the command or its script opens its own output again: that would empty the file.
 */
export async function whyPiped(
  files: Files,
  { logVia, argv, cwd, byHand }: Pick<RunSpec, "logVia" | "argv" | "cwd" | "byHand">,
): Promise<string | null> {
  // A terminal's program keeps its terminal.
  if (logVia === "file" || byHand !== null) return null;
  if (logVia === "pipe") return "its job asks for it";
  const inCommand = argv.map(namesOwnOutput).find((name) => name !== null);
  if (inCommand != null) return `its command names ${inCommand}`;
  for (const word of argv.slice(0, 3)) {
    const inScript = word.startsWith("-") ? null : await nameInScript(files, resolvePath(cwd, word));
    if (inScript !== null) return `${word} names ${inScript}`;
  }
  return null;
}

/** Only of text: a shell's own program names every such path. */
async function nameInScript(files: Files, path: string): Promise<string | null> {
  try {
    const bytes = (await files.look(path, SCRIPT_BYTES))?.bytes;
    if (bytes === undefined || bytes.includes(0)) return null;
    return namesOwnOutput(Buffer.from(bytes).toString("latin1"));
  } catch {
    // Not there, not ours to read, or it does not answer: then nothing is known of it.
    return null;
  }
}

/** Tells the launcher to make the pipe. */
export function askForPipe(files: RunFiles): void {
  writeFileSync(join(files.folder, "pipe"), "", { mode: 0o600 });
}

/**
 * Puts a new pump in the place of one that was killed: until then its program waits, and what stands in the pipe is not lost.
 * What the old one had read and not yet written is; so it is told.
 */
export async function keepPump(ports: SupervisorPorts, { run, files, tree }: Watched): Promise<void> {
  const { pump } = tree;
  if (pump == null || stateOf(ports, pump) !== null) return;
  const shell = spawn("/bin/sh", ["-c", 'exec cat <"$1" >>"$2"', "sh", pipeOf(files), ports.logFile(run)], {
    cwd: "/",
    env: { PATH: ports.baseEnv.PATH ?? "/usr/bin:/bin" } as unknown as NodeJS.ProcessEnv,
    stdio: "ignore",
    detached: true,
  });
  shell.unref();
  shell.on("error", () => {});
  const next = shell.pid === undefined ? null : ports.processes.read(shell.pid);
  if (next === null) return;
  tree.pump = { pid: next.pid, startTicks: next.startTicks };
  writeFileSync(join(files.folder, "pump"), `${next.pid} ${next.startTicks}\n`, { mode: 0o600 });
  ports.log.warn({ runId: run.id, pump: pump.pid, next: next.pid }, "log.pump_restarted");
  await ports.records.note(run.id, "log_pump_restarted", { pid: pump.pid });
}

/** Waits until everything the run has printed is in its log. Bounded, whoever still holds the pipe. */
export async function drained(ports: SupervisorPorts, { run, files, tree }: Watched): Promise<void> {
  const pump = tree.pump ?? readPump(files);
  if (pump == null) return;
  const deadline = performance.now() + DRAIN_MS;
  let size = -1;
  let idleSince = performance.now();
  for (let state = stateOf(ports, pump); state !== null; state = stateOf(ports, pump)) {
    const now = performance.now();
    const grown = sizeOf(ports.logFile(run));
    // One that waits for a processor, for the disk or for whoever has stopped it is not idle.
    if (grown !== size || state !== SLEEPING) idleSince = now;
    size = grown;
    if (now > deadline || now - idleSince > IDLE_MS) return;
    await wait(LOOK_MS);
  }
}

/** The kernel's letter for it; null when it is gone. */
function stateOf({ processes }: SupervisorPorts, { pid, startTicks }: ProcessIdentity): string | null {
  const info = processes.read(pid);
  return info?.startTicks !== startTicks || DEAD.includes(info.state) ? null : info.state;
}

function pipeOf({ folder }: RunFiles): string {
  return join(folder, "out");
}

function sizeOf(path: string): number {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
  } catch (error) {
    if (!failedWith(error, "EACCES", "ENOTDIR")) throw error;
    return 0;
  }
}
