import { setTimeout as wait } from "node:timers/promises";
import { now, since, waitFor } from "../clock.mjs";
import { kill } from "../programs.mjs";
import { median, percentile, round } from "../statistics.mjs";
import { listOrNull, namesOf, withSleepers } from "./common.mjs";

/**
 * S4: from `kill -9` of a child to the first list without it.
 * @param {import("../session.mjs").Session} session
 * @param {import("../adapters/adapter.mjs").Adapter} adapter
 */
export async function measure(session, adapter) {
  const names = namesOf("s4", session.quick ? 4 : 20);
  await withSleepers(session, adapter, names, session.variantsOf(adapter, "S4")[0]?.boot);
  await wait(1_500);
  const pids = session.probes().map(({ name, pid }) => ({ name, pid }));
  const oneCall = await oneCallMs(adapter);
  /** @type {(number | null)[]} */
  const latencies = [];
  for (const { name, pid } of pids) latencies.push(await deathSeen(adapter, name, pid));
  await wait(300);
  const listed = (await listOrNull(adapter)) ?? [];
  session.emit("S4", "", {
    kills: latencies.length,
    p50_ms: round(percentile(latencies, 50)),
    p95_ms: round(percentile(latencies, 95)),
    never_in_30s: latencies.filter((one) => one === null).length,
    still_running_after: listed.filter((one) => one.running && names.includes(one.name)).length,
    one_list_call_ms: round(oneCall),
  });
  await session.down(adapter);
}

/** @param {import("../adapters/adapter.mjs").Adapter} adapter */
async function oneCallMs(adapter) {
  const calls = [];
  for (let index = 0; index < 5; index += 1) {
    const asked = now();
    await adapter.list();
    calls.push(since(asked));
  }
  return median(calls);
}

/**
 * @param {import("../adapters/adapter.mjs").Adapter} adapter
 * @param {string} name
 * @param {number} pid
 * @returns {Promise<number | null>} milliseconds; null: never in 30 s
 */
async function deathSeen(adapter, name, pid) {
  const killed = now();
  kill(pid);
  const seen = await waitFor(
    async () => !(await adapter.list()).some((one) => one.name === name && one.running),
    { everyMs: 3 },
  );
  return seen.ok ? since(killed) : null;
}
