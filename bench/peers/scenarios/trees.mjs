import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { isRunning } from "../../rig/processes.mjs";
import { now, since, waitFor } from "../clock.mjs";
import { kill, which } from "../programs.mjs";
import { median, round } from "../statistics.mjs";
import { noneRunning } from "./common.mjs";

/**
 * @typedef {import("../session.mjs").Session} Session
 * @typedef {import("../adapters/adapter.mjs").Adapter} Adapter
 * @typedef {{ alive: Set<string>, stopMs: number | null, whole: boolean }} Stopped
 */

const ROUNDS = 3;
/** By the end of the name in the stamp; the child itself has none. */
const ROLES = {
  sh: "-sh",
  child: "",
  grandchild: "-grandchild-plain",
  grandchild_setsid: "-grandchild-setsid",
  grandchild_setsid_reparented: "-grandchild-daemonised",
};

/**
 * S6: what survives a stop. The job is a shell, its child, and three grandchildren: a plain one, one with a session of its own, and one whose
 * parent has ended, too.
 * @param {Session} session
 * @param {Adapter} adapter
 */
export async function measure(session, adapter) {
  for (const variant of adapter.treeVariants ?? [{ label: "" }]) {
    await session.fresh(adapter, variant.boot);
    /** @type {Stopped[]} */
    const rounds = [];
    for (let index = 0; index < (session.quick ? 1 : ROUNDS); index += 1)
      rounds.push(await stopTree(session, adapter, `s6x${index}`, variant.define));
    emit(session, variant.label, rounds);
    await session.down(adapter);
  }
}

/**
 * @param {Session} session
 * @param {Adapter} adapter
 * @param {string} name
 * @param {import("../adapters/adapter.mjs").DefineOptions} [options]
 * @returns {Promise<Stopped>}
 */
async function stopTree(session, adapter, name, options = {}) {
  session.clearStamps();
  await adapter.define([{ name, argv: [which("sh") ?? "/bin/sh", writeScript(session, name)] }], options);
  await adapter.start(name);
  const whole = await waitFor(() => session.stamps().length >= Object.keys(ROLES).length);
  await wait(1_500);
  const members = Object.entries(ROLES).map(([role, end]) => ({
    role,
    pid: session.stamps().find((stamp) => stamp.name === `${name}${end}`)?.pid ?? 0,
  }));
  const asked = now();
  await adapter.stop(name).catch(() => undefined);
  const gone = await noneRunning(adapter, [name], { limitMs: 30_000, everyMs: 100 });
  const stopMs = gone.ok ? since(asked) : null;
  await wait(3_000);
  const left = members.filter(({ pid }) => pid > 0 && isRunning(pid));
  for (const { pid } of left) kill(pid);
  return { alive: new Set(left.map(({ role }) => role)), stopMs, whole: whole.ok };
}

/**
 * @param {Session} session
 * @param {string} name
 */
function writeScript({ home, stampFolder, probe }, name) {
  const script = join(home, `${name}.sh`);
  const lines = [
    "#!/bin/sh",
    `: > '${stampFolder}/${name}-sh.'$$`,
    `'${probe}' tree '${stampFolder}' '${name}' 300 &`,
    "wait",
  ];
  writeFileSync(script, `${lines.join("\n")}\n`, { mode: 0o755 });
  return script;
}

/**
 * @param {Session} session
 * @param {string} label
 * @param {readonly Stopped[]} rounds
 */
function emit(session, label, rounds) {
  const fates = Object.keys(ROLES).map((role) => {
    const alive = rounds.filter((one) => one.alive.has(role)).length;
    return [role, alive === 0 ? "dead" : `ALIVE ${alive}/${rounds.length}`];
  });
  session.emit(
    "S6",
    label,
    {
      ...Object.fromEntries(fates),
      reported_stopped_ms: round(median(rounds.map((one) => one.stopMs)), 0),
      rounds: rounds.length,
    },
    rounds.every((one) => one.whole) ? "" : "the tree was not complete",
  );
}
