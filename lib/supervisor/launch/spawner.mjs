// A process of its own that does nothing but start launchers. spawn() copies its parent's page tables, and the dashboard has so many
// that everything else in it would stand still for 10 ms and more at each start; here it takes 2. No run depends on it:
// what it has started lives on when it ends, and the dashboard starts the next one. It ends with its stdin.
//
// Lines of JSON on stdin and stdout. In: {id, command, env, log: {path, dev, ino}}. Out, for that id: {begun}, then {pid} or
// {problem}, and one day {exit: {code, signal}}; {refused} before it has begun: nothing was started and nothing will be.
import { spawn } from "node:child_process";
import { closeSync, constants, fstatSync, lstatSync, openSync, writeSync } from "node:fs";

// Its parent decides when it ends; a Ctrl-C in the terminal or systemd's SIGTERM reaches the parent, too.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => undefined);

let rest = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk) => {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) start(JSON.parse(line));
});
process.stdin.on("end", () => process.exit(0));
process.stdin.on("error", () => process.exit(0));
say({ ready: true });

/** @param {{ id: number, command: string[], env: Record<string, string>, log: { path: string, dev: number, ino: number } }} order */
function start({ id, command: [shell = "", ...args], env, log }) {
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
      env: /** @type {NodeJS.ProcessEnv} */ (env),
      stdio: [input, output, output],
      detached: true,
    });
    child.once("error", (error) => say({ id, problem: problemOf(error) }));
    // `exit`, never `close`: a grandchild that keeps the log open must not keep the run alive.
    child.once("exit", (code, signal) => say({ id, exit: { code, signal } }));
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
 * @param {{ path: string, dev: number, ino: number }} log
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
    process.exit(0);
  }
}
