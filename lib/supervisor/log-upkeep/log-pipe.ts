import { spawn } from "node:child_process";
import {
  closeSync,
  constants,
  lstatSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Files } from "@/lib/domain/files";
import type { RunSpec } from "@/lib/domain/job";
import { namesOwnOutput } from "@/lib/domain/own-output";
import { resolvePath } from "@/lib/domain/paths";
import type { ProcessIdentity, Run } from "@/lib/domain/run";
import { perRun } from "../files/per-run";
import { type RunFiles, readPump } from "../files/run-files";
import { failedWith } from "../files/system-error";
import { openLogForAppend } from "../log/log-file";
import type { SupervisorPorts } from "../watch/ports";
import type { Watched } from "../watch/watched";

/** Of a script that may open its own output again. */
const SCRIPT_BYTES = 128 * 1024;
const LOOK_MS = 20;
/** A pump that has written nothing for so long has nothing to write: something the run left behind holds the pipe. */
const IDLE_MS = 500;
const DRAIN_MS = 10_000;
/** As the launcher writes it: longer than any pid and start ticks, so that nothing of the line before is left. */
const BLANK = `${" ".repeat(63)}\n`;
const SLEEPING = "S";
const DEAD = ["Z", "X"];

/** The pump whose loss was recorded last. */
const told = perRun((_: Pick<Watched, "run">) => ({ pid: 0 }));

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
  const words = argv.slice(0, 3).filter((word) => !word.startsWith("-"));
  const inScripts = await Promise.all(words.map((word) => nameInScript(files, resolvePath(cwd, word))));
  const at = inScripts.findIndex((name) => name !== null);
  return at === -1 ? null : `${words[at]} names ${inScripts[at]}`;
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
 * What the old one had read and not yet written is lost; that is reported. One that ended because no writer
 * is left is not replaced.
 * @throws AppError LOG_REFUSED
 */
export async function keepPump(ports: SupervisorPorts, watched: Watched): Promise<void> {
  const { run, files, tree } = watched;
  const pump = lastPump(ports, watched);
  if (pump === null || stateOf(ports, pump) !== null) return;
  const next = startPump(ports, watched);
  if (next === null) return;
  tree.pump = next;
  // In one step, since the launcher reads it when the program ends; and in place, since the disk may be full.
  const line = `${next.pid} ${next.startTicks}`;
  writeFileSync(join(files.folder, "pump"), line + BLANK.slice(line.length), { flag: "r+" });
  await tellReplaced(ports, run, pump.pid);
  told(watched).pid = pump.pid;
}

/**
 * Waits until everything the run has printed is in its log. Bounded, even if a leftover still holds the pipe.
 */
export async function drained(ports: SupervisorPorts, watched: Watched): Promise<void> {
  await pumpIdle(ports, watched);
  await tellWhatLauncherDid(ports, watched);
  await tellFailure(ports, watched);
}

async function pumpIdle(ports: SupervisorPorts, watched: Watched): Promise<void> {
  const deadline = performance.now() + DRAIN_MS;
  let size = -1;
  let idleSince = performance.now();
  for (;;) {
    const pump = lastPump(ports, watched);
    const state = pump === null ? null : stateOf(ports, pump);
    if (state === null) return;
    const now = performance.now();
    const grown = sizeOf(ports.logFile(watched.run));
    // One that waits for a processor, for the disk or to be continued (SIGCONT) is not idle.
    if (grown !== size || state !== SLEEPING) idleSince = now;
    size = grown;
    if (now > deadline || now - idleSince > IDLE_MS) return;
    await wait(LOOK_MS);
  }
}

/** When its program ended, the launcher was the only one to see that the pump had been killed, and put another in its place. */
async function tellWhatLauncherDid(ports: SupervisorPorts, watched: Watched): Promise<void> {
  const { run, files } = watched;
  const mark = join(files.folder, "pump-lost");
  const text = textOf(mark);
  if (text === null) return;
  const pid = Number.parseInt(text, 10) || 0;
  // If the program ends while its pump is being replaced here, the launcher replaces it as well.
  if (pid === 0 || pid !== told(watched).pid) await tellReplaced(ports, run, pid);
  forget(mark);
}

/** A pump that could not write is not replaced once the program has let go of the pipe: then only its own word tells of it. */
async function tellFailure({ log, records }: SupervisorPorts, { run, files }: Watched): Promise<void> {
  const [reason = ""] = (textOf(saidBy(files)) ?? "").trim().split("\n");
  if (reason === "") return;
  log.warn({ runId: run.id, reason }, "log.pump_failed");
  await records.note(run.id, "log_pump_failed", { reason });
  forget(saidBy(files));
}

/**
 * Removes what was reported, so that writing the end a second time does not report it again. If that fails it
 * may be reported twice.
 */
function forget(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // A folder that cannot be written keeps no end from being written.
  }
}

function saidBy({ folder }: RunFiles): string {
  return join(folder, "pump-said");
}

async function tellReplaced({ log, records }: SupervisorPorts, { id }: Run, pid: number): Promise<void> {
  log.warn({ runId: id, pump: pid }, "log.pump_restarted");
  await records.note(id, "log_pump_restarted", { pid });
}

/** The pump as it is now: where the one that is known is gone, the launcher may have started another. */
function lastPump(ports: SupervisorPorts, { files, tree }: Watched): ProcessIdentity | null {
  if (tree.pump == null || stateOf(ports, tree.pump) === null)
    tree.pump = readPump(files) ?? tree.pump ?? null;
  return tree.pump ?? null;
}

/**
 * @returns null if no process has the pipe open, so that nothing can come, or if no process can be made: the
 * next sweep tries again
 */
function startPump(ports: SupervisorPorts, { run, files }: Watched): ProcessIdentity | null {
  const held = holdPipe(files);
  if (held === null) return null;
  const open = [held];
  try {
    // The same pipe and not its name again. While one end is held, opening the other does not block.
    const from = openSync(`/proc/self/fd/${held}`, constants.O_RDONLY);
    open.push(from);
    const log = openLogForAppend(ports.logFile(run));
    open.push(log);
    const said = openSync(saidBy(files), constants.O_WRONLY | constants.O_CREAT, 0o600);
    open.push(said);
    // At an offset of its own, so that the pump begins at 0: what the one before it said is told by its being replaced.
    writeSync(said, BLANK, 0);
    const shell = spawn("/bin/sh", ["-c", "exec cat"], {
      cwd: "/",
      env: { PATH: ports.baseEnv.PATH ?? "/usr/bin:/bin" } as unknown as NodeJS.ProcessEnv,
      stdio: [from, log, said],
      detached: true,
    });
    shell.unref();
    shell.on("error", () => {});
    const next = shell.pid === undefined ? null : ports.processes.read(shell.pid);
    return next === null ? null : { pid: next.pid, startTicks: next.startTicks };
  } finally {
    for (const descriptor of open) closeSync(descriptor);
  }
}

/**
 * Opens a run's pipe for writing.
 * @returns null if no process has it open any more: a pump would wait in open(2) for a writer that never
 * comes
 */
function holdPipe({ folder }: RunFiles): number | null {
  try {
    return openSync(join(folder, "out"), constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (failedWith(error, "ENXIO", "ENOENT")) return null;
    throw error;
  }
}

/** The kernel's letter for it; null when it is gone. */
function stateOf({ processes }: SupervisorPorts, { pid, startTicks }: ProcessIdentity): string | null {
  const info = processes.read(pid);
  return info?.startTicks !== startTicks || DEAD.includes(info.state) ? null : info.state;
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, "latin1");
  } catch (error) {
    if (failedWith(error, "ENOENT", "EACCES", "ENOTDIR")) return null;
    throw error;
  }
}

function sizeOf(path: string): number {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
  } catch (error) {
    if (!failedWith(error, "EACCES", "ENOTDIR")) throw error;
    return 0;
  }
}
