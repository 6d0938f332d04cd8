import { confirmed, declined, mayAsk } from "../ask.mjs";
import { EXIT, Refusal } from "../exit-codes.mjs";
import { ago } from "../show/times.mjs";
import { tellRun } from "../wait-for-run.mjs";
import { reasonOf } from "./start.mjs";

/**
 * @typedef {import("../../lib/contracts/stray").StraysAnswer} StraysAnswer
 * @typedef {import("../../lib/contracts/stray").StrayView} Stray
 * @typedef {import("../program.mjs").Context} Context
 */

const PATH = "/api/v1/strays";

/** @type {import("../program.mjs").Verb} */
export async function run(context, { options }) {
  const asked = ["adopt", "stop", "stopAll"].filter((name) => options[name] !== undefined);
  if (asked.length > 1)
    throw new Refusal(EXIT.usage, "Expected one of --adopt, --stop and --stop-all, found more.");
  if (options.adopt !== undefined) return adopt(context, options);
  if (options.stop !== undefined) return stop(context, options);
  /** @type {StraysAnswer} */
  const answer = await context.dashboard.call("GET", PATH);
  if (options.stopAll) return stopAll(context, answer, options);
  if (context.screen.isJson) context.screen.json(answer);
  else show(context, answer);
  return 0;
}

/**
 * @param {Context} context
 * @param {StraysAnswer} answer
 */
function show({ screen }, { at, items, pidFiles }) {
  if (items.length === 0 && pidFiles.length === 0)
    return screen.print("There are no strays and no stale pid files.");
  const now = Date.parse(at);
  if (items.length > 0)
    screen.table(
      [
        { title: "STRAY" },
        { title: "BEGAN", align: "right" },
        { title: "PROCESSES", align: "right" },
        { title: "JOB", shrink: 8 },
        { title: "COMMAND", shrink: 10 },
      ],
      items.map(({ id, startedAt, processes, job, command }) => [
        id,
        ago(startedAt, now),
        processes,
        job,
        command,
      ]),
    );
  for (const { id, sentence } of items) {
    screen.print();
    screen.table([{ title: id, shrink: 40, wrap: true }], [[sentence]]);
  }
  if (pidFiles.length === 0) return;
  if (items.length > 0) screen.print();
  screen.table(
    [
      { title: "STALE PID FILE", shrink: 20 },
      { title: "JOB", shrink: 8 },
      { title: "PID", align: "right" },
      { title: "WHY", shrink: 24, wrap: true },
    ],
    pidFiles.map(({ path, job, pid, why }) => [path, job, pid, why]),
  );
}

/**
 * @param {Context} context
 * @param {Record<string, any>} options
 */
async function adopt(context, options) {
  const path = `${PATH}/${encodeURIComponent(options.adopt)}/adopt`;
  /** @type {{ run: import("../../lib/contracts/run").RunView }} */
  const { run: adopted } = await context.dashboard.call("POST", path, { body: reasonOf(options) });
  tellRun(context, adopted);
  return 0;
}

/**
 * @param {Context} context
 * @param {Record<string, any>} options
 */
async function stop({ dashboard, screen }, options) {
  const answer = await stopOne(dashboard, options.stop, options);
  if (screen.isJson) screen.json(answer);
  else screen.print(`${options.stop} is being ended.`);
  return 0;
}

/**
 * @param {import("../api.mjs").Dashboard} dashboard
 * @param {string} id
 * @param {Record<string, any>} options
 * @returns {Promise<unknown>}
 */
function stopOne(dashboard, id, options) {
  const body = { ...(options.force ? { force: true } : {}), ...reasonOf(options) };
  return dashboard.call("POST", `${PATH}/${encodeURIComponent(id)}/stop`, { body });
}

/**
 * @param {Context} context
 * @param {StraysAnswer} answer
 * @param {Record<string, any>} options
 */
async function stopAll(context, answer, options) {
  const { screen, dashboard } = context;
  const ids = answer.items.filter(({ can }) => can.includes("stop")).map(({ id }) => id);
  const paths = answer.pidFiles.map(({ path }) => path);
  if (!options.auto && (screen.isJson || !mayAsk()))
    throw new Refusal(
      EXIT.usage,
      "Cannot ask for confirmation here: this is not a terminal. Use --auto to end them all.",
    );
  if (!screen.isJson) show(context, answer);
  if (ids.length + paths.length === 0) {
    if (screen.isJson) screen.json(answer);
    return 0;
  }
  const ends = ids.length === 0 ? [] : [`end ${counted(ids.length, "stray")}`];
  const removes = paths.length === 0 ? [] : [`remove ${counted(paths.length, "stale pid file")}`];
  const what = [...ends, ...removes].join(" and ");
  if (!options.auto && !(await confirmed(`${what[0]?.toUpperCase()}${what.slice(1)}?`))) throw declined();
  /** @type {string[]} */
  const refused = [];
  for (const id of ids)
    await stopOne(dashboard, id, options).catch((error) => refused.push(`${id}: ${error.message}`));
  if (paths.length > 0)
    await dashboard.call("POST", `${PATH}/pid-files/remove`, { body: { paths, ...reasonOf(options) } });
  if (screen.isJson) screen.json(await dashboard.call("GET", PATH));
  else
    screen.print(
      `Being ended: ${counted(ids.length - refused.length, "stray")}. Removed: ${counted(paths.length, "pid file")}.`,
    );
  for (const why of refused) console.error(`unstuck: ${why}`);
  return refused.length > 0 ? EXIT.notWell : 0;
}

/**
 * @param {number} count
 * @param {string} thing
 */
function counted(count, thing) {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}
