// A process of its own that does nothing but start launchers. spawn() copies its parent's page tables, and the dashboard has so many
// that everything else in it would stand still for 10 ms and more at each start; here it takes 2. No run depends on it:
// what it has started lives on when it ends, and the dashboard starts the next one. It ends with its stdin.
//
// A launcher that ends while this process lives leaves it to this one to put its exit record on the disk: for itself it would need another program.
//
// Lines of JSON on stdin and stdout. In: {id, command, env, log: {path, dev, ino}, record}. Out, for that id: {begun}, then {pid} or
// {problem}, and one day {exit: {code, signal}}; {refused} before it has begun: nothing was started and nothing will be.
import { spawn } from "node:child_process";
import {
  close,
  closeSync,
  constants,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  lstatSync,
  openSync,
  writeSync,
} from "node:fs";

/** By then the dashboard has written the end into its database, synced, and removed the record; unless it is held up. */
const SYNC_AFTER_MS = 200;

// Its parent decides when it ends; a Ctrl-C in the terminal or systemd's SIGTERM reaches the parent, too.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => undefined);

/** Records of launchers that have ended and are not on the disk yet. @type {Set<string>} */
const unsynced = new Set();
let rest = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk) => {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) start(JSON.parse(line));
});
process.stdin.on("end", end);
process.stdin.on("error", end);
say({ ready: true });

/**
 * @typedef {{ path: string, dev: number, ino: number }} Log
 * @param {{ id: number, command: string[], env: Record<string, string>, log: Log, record: string }} order
 */
function start({ id, command: [shell = "", ...args], env, log, record }) {
  let output;
  let input;
  try {
    output = openLog(log);
    // For appending, which no shell does: lib/supervisor/launch/program-input.ts says what it is for.
    input = openSync("/dev/null", "a+");
  } catch (error) {
    if (output !== undefined) closeSync(output);
    say({ id, refused: String(error) });
    return;
  }
  say({ id, begun: true });
  try {
    // The folder is not the run's: until the child has become /bin/sh all of this waits, and that one may not answer. A session of
    // its own: no terminal's Ctrl-C and no supervisor's group signal reaches it.
    const child = spawn(shell, args, {
      cwd: "/",
      env: /** @type {NodeJS.ProcessEnv} */ (
        /** @type {Record<string, string>} */ ({ ...env, UNSTUCK_SYNCER: String(process.pid) })
      ),
      stdio: [input, output, output],
      detached: true,
    });
    child.once("error", (error) => say({ id, problem: problemOf(error) }));
    // `exit`, never `close`: a grandchild that keeps the log open must not keep the run alive.
    child.once("exit", (code, signal) => {
      // One that was killed has written none.
      if (code !== null) unsynced.add(record);
      say({ id, exit: { code, signal } });
      if (code !== null) setTimeout(() => sync(record), SYNC_AFTER_MS);
    });
    if (child.pid !== undefined) say({ id, pid: child.pid });
  } catch (error) {
    say({ id, problem: problemOf(error) });
  } finally {
    closeSync(input);
    closeSync(output);
  }
}

/**
 * The file that the dashboard holds open, or none: it has looked at it, and another may have taken its place since.
 * @param {Log} log
 */
function openLog({ path, dev, ino }) {
  const isIt = (/** @type {import("node:fs").Stats} */ stats) =>
    stats.isFile() && stats.dev === dev && stats.ino === ino;
  if (!isIt(lstatSync(path))) throw new Error(`${path} is not the log any more`);
  const file = openSync(path, constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW);
  if (isIt(fstatSync(file))) return file;
  closeSync(file);
  throw new Error(`${path} is not the log any more`);
}

/** @param {string} record gone: the end is in the database, or the launcher never came so far */
function sync(record) {
  unsynced.delete(record);
  let file = -1;
  try {
    // By itself: mostly it is not there, and the first call of the other kind starts four threads.
    file = openSync(record, "r+");
  } catch {
    return;
  }
  fdatasync(file, () => close(file, () => undefined));
}

/** Its dashboard is gone, and so are those who would have put these records on the disk a moment later. */
function end() {
  for (const record of unsynced)
    try {
      const file = openSync(record, "r+");
      fdatasyncSync(file);
      closeSync(file);
    } catch {
      // It is gone: the end was written.
    }
  process.exit(0);
}

/** @param {unknown} error */
function problemOf(error) {
  const { code, syscall, path, message } = /** @type {NodeJS.ErrnoException} */ (error);
  return { code, syscall, path, message };
}

/** At once and whole: what was said is known even when this process is killed the next moment. @param {unknown} value */
function say(value) {
  const line = Buffer.from(`${JSON.stringify(value)}\n`);
  try {
    for (let at = 0; at < line.length; ) at += writeSync(1, line, at);
  } catch {
    // EPIPE: no one is there to hear it. So nothing is begun for a dashboard that is gone: the next one decides what becomes of its runs.
    end();
  }
}
