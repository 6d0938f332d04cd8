import { spawn } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { kill } from "../programs.mjs";
import { allRunning } from "./common.mjs";

const JOB = "s7job";

/**
 * S7: wherever the system keeps a pid, that number belongs to a stranger now.
 * @param {import("../session.mjs").Session} session
 * @param {import("../adapters/adapter.mjs").Adapter} adapter
 */
export async function measure(session, adapter) {
  if (adapter.stale === undefined) return;
  await session.fresh(adapter);
  await adapter.define([session.sleeper(JOB, 300)]);
  await adapter.start(JOB);
  await allRunning(adapter, [JOB], { limitMs: 30_000 });
  await wait(1_200);
  const [program = "", ...args] = session.argv("sleep", "bystander", 200);
  const stranger = spawn(program, args, { detached: true, stdio: "ignore" });
  stranger.unref();
  await wait(200);
  const pid = stranger.pid ?? 0;
  for (const { step, result, untouched } of await adapter.stale({ stranger: pid, job: JOB }))
    session.emit("S7", step, { result, stranger: untouched ? "untouched" : "KILLED" });
  kill(pid);
  await session.down(adapter);
}
