import { setTimeout as wait } from "node:timers/promises";
import { isRunning } from "../../rig/processes.mjs";
import { now, since, waitFor } from "../clock.mjs";
import { kill, messageOf } from "../programs.mjs";
import { round } from "../statistics.mjs";
import { allRunning, namesOf } from "./common.mjs";
import { Truth } from "./truth.mjs";

/**
 * @typedef {import("../session.mjs").Session} Session
 * @typedef {import("../adapters/adapter.mjs").Adapter} Adapter
 * @typedef {import("../processes.mjs").LiveProbe} LiveProbe
 */

const DEFAULT_LIMIT_MS = 30_000;
/** Once right, it has to stay right for so long. */
const STAYS_MS = 8_000;
const CHILD_S = 600;

/**
 * S5: the supervisor is killed with `kill -9` and started again as its manual says.
 *
 * Two of the children differ: the last prints a line every 100 ms and ends if its output is gone, as ordinary programs do; the first ends by
 * itself with exit code 7 while the supervisor is down.
 * @param {Session} session
 * @param {Adapter} adapter
 */
export async function measure(session, adapter) {
  if (adapter.crash === undefined) return;
  for (const variant of session.variantsOf(adapter, "S5")) {
    await session.fresh(adapter, variant.boot);
    await crashAndRecover(session, adapter, variant.label);
    await session.down(adapter);
  }
}

/**
 * @param {Session} session
 * @param {Adapter} adapter
 * @param {string} label
 */
async function crashAndRecover(session, adapter, label) {
  const names = namesOf("s5", session.quick ? 6 : 50);
  const quitter = names[0] ?? "";
  const chatty = names.at(-1) ?? "";
  await bringUp(session, adapter, names, chatty);
  const before = session.probes();
  await adapter.crash?.();
  await wait(1_500);
  const survived = before.filter(({ pid }) => isRunning(pid)).length;
  const chattyAlive = before.some(({ name, pid }) => name === chatty && isRunning(pid));
  const quit = await endBySelf(before.find(({ name }) => name === quitter)?.pid ?? 0);
  const truth = new Truth(session, adapter, { names, before });
  const problem = await recover(adapter, truth);
  const exit = await exitOf(adapter, quitter);
  session.emit(
    "S5",
    label,
    {
      children: names.length,
      alive_after_kill9: survived,
      chatty_child_alive: chattyAlive,
      originals_alive_after_restart: before.filter(({ pid }) => isRunning(pid)).length,
      ...truth.last,
      ...times(truth, adapter),
      exit_code_7_known: quit ? exit.code === 7 : null,
      exit_text: exit.text,
    },
    [problem, `restart: ${adapter.recoverHow}`].filter((one) => one !== "").join("; "),
  );
}

/**
 * @param {Session} session
 * @param {Adapter} adapter
 * @param {string[]} names
 * @param {string} chatty
 */
async function bringUp(session, adapter, names, chatty) {
  const specs = names.map((name) =>
    name === chatty ? { name, argv: session.argv("tick", name, CHILD_S) } : session.sleeper(name, CHILD_S),
  );
  await adapter.define(specs, { service: true });
  await adapter.startMany(names);
  await allRunning(adapter, names, { limitMs: 60_000 });
  // Some say that a job runs before its child does.
  await waitFor(() => session.probes().length >= names.length, { limitMs: 60_000, everyMs: 200 });
  await wait(1_500);
  await adapter.persist?.();
}

/**
 * @param {number} pid
 * @returns {Promise<boolean>} false: it had died before
 */
async function endBySelf(pid) {
  if (!isRunning(pid)) return false;
  kill(pid, "SIGUSR1");
  return (await waitFor(() => !isRunning(pid), { limitMs: 3_000, everyMs: 20 })).ok;
}

/**
 * @param {Adapter} adapter
 * @param {Truth} truth
 * @returns {Promise<string>} what went wrong
 */
async function recover(adapter, truth) {
  let problem = "";
  truth.began = now();
  try {
    await adapter.recover?.();
  } catch (error) {
    problem = messageOf(error);
  }
  await waitFor(
    async () => {
      await truth.look();
      return truth.strictMs !== null && since(truth.began) - truth.strictMs > STAYS_MS;
    },
    { limitMs: adapter.recoverLimitMs ?? DEFAULT_LIMIT_MS, everyMs: 200 },
  );
  return problem;
}

/**
 * @param {Truth} truth
 * @param {Adapter} adapter
 */
function times(truth, adapter) {
  const never = `never (${Math.round((adapter.recoverLimitMs ?? DEFAULT_LIMIT_MS) / 1_000)} s)`;
  return {
    api_back_ms: round(truth.answeredMs, 0),
    truthful_ms: round(truth.strictMs, 0) ?? never,
    names_right_ms: round(truth.namesMs, 0) ?? never,
  };
}

/**
 * @param {Adapter} adapter
 * @param {string} name
 * @returns {Promise<{ code: number | null, text: string }>}
 */
async function exitOf(adapter, name) {
  try {
    return (await adapter.exitOf?.(name)) ?? { code: null, text: "it cannot be asked" };
  } catch (error) {
    return { code: null, text: messageOf(error) };
  }
}
