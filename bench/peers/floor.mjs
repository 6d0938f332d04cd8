/**
 * Starts children with nothing in between, and prints as JSON how many milliseconds that takes: the median of one start, or all of them.
 *
 *     node floor.mjs PROBE FOLDER COUNT "in turn"|"at once"
 */
import { spawn } from "node:child_process";
import { now, since, waitFor } from "./clock.mjs";
import { stampOf, stampsIn } from "./stamps.mjs";
import { median } from "./statistics.mjs";

const [probe = "", folder = "", count = "", how] = process.argv.slice(2);
/** @type {import("node:child_process").ChildProcess[]} */
const children = [];

try {
  console.log(JSON.stringify(await (how === "in turn" ? oneByOne() : allAtOnce())));
} finally {
  for (const child of children) child.kill("SIGKILL");
}

async function oneByOne() {
  const latencies = [];
  for (let index = 0; index < Number(count); index += 1) {
    const asked = now();
    start(index);
    const begun = await stampOf(folder, `f${index}`);
    latencies.push(begun === null ? null : Number(begun.at - asked) / 1e6);
  }
  return median(latencies);
}

async function allAtOnce() {
  const began = now();
  for (let index = 0; index < Number(count); index += 1) start(index);
  await waitFor(() => stampsIn(folder).length >= Number(count), { everyMs: 20 });
  return since(began);
}

/** @param {number} index */
function start(index) {
  children.push(spawn(probe, ["sleep", folder, `f${index}`, "60"], { stdio: "ignore", detached: true }));
}
