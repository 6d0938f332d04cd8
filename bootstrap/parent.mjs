import { fstatSync } from "node:fs";
import { Socket } from "node:net";

/**
 * The side of the child that runs under another Node than the one that was called: it knows its parent, and goes with it.
 */

/** In the child's environment: the parent's pid, and the signals it was started to ignore. Removed as soon as it is read. */
export const PARENT = "UNSTUCK_BOOTSTRAP_PARENT";
/** The end of a pipe that is never written to. It closes when the parent is gone, whatever ended it. */
export const PARENT_FD = 3;

let parent = process.pid;

/** The process that a service manager or a container engine has started and sends signals to. */
export function servicePid() {
  return parent;
}

/**
 * @param {boolean} ownGroup
 * @returns {boolean} false: no parent has handed over to this process
 */
export function joinParent(ownGroup) {
  const said = process.env[PARENT];
  delete process.env[PARENT];
  if (said === undefined || !isPipe(PARENT_FD)) return false;
  const [pid, ...ignored] = said.split(" ");
  parent = Number(pid);
  // libuv gives a child every signal back; `nohup` and a shell's & meant this program.
  for (const signal of ignored) process.on(signal, () => undefined);
  const pipe = new Socket({ fd: PARENT_FD, readable: true, writable: false });
  // The dashboard goes as in a kill -9, which no run notices. A command gives the terminal back first.
  const leave = () => (ownGroup ? process.kill(process.pid, "SIGKILL") : process.exit(1));
  pipe.once("close", leave).once("error", leave).resume().unref();
  return true;
}

/** @param {number} descriptor */
function isPipe(descriptor) {
  try {
    const stat = fstatSync(descriptor);
    return stat.isSocket() || stat.isFIFO();
  } catch {
    return false;
  }
}
