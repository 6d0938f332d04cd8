import { existsSync } from "node:fs";
import { basename, extname } from "node:path";
import { confirmed, declined, mayAsk } from "../ask.mjs";
import { EXIT, Refusal } from "../exit-codes.mjs";
import { split, stateMapOf } from "../import/fields.mjs";
import { sendRows } from "../import/send-rows.mjs";

/** @typedef {import("../import/send-rows.mjs").ImportAnswer} ImportAnswer */

const SHOWN = 20;

/** @type {import("../program.mjs").Verb} */
export async function run(context, { args: [file = ""], options }) {
  const { screen } = context;
  if (options.dryRun && options.auto)
    throw new Refusal(EXIT.usage, "Expected one of --dry-run and --auto, found both.");
  if (!existsSync(file)) throw new Refusal(EXIT.usage, `There is no file ${file}.`);
  if (!options.dryRun && !options.auto && (screen.isJson || !mayAsk()))
    throw new Refusal(
      EXIT.usage,
      "Cannot ask for confirmation here: this is not a terminal. Use --dry-run to look, or --auto to import.",
    );
  const what = readOptions(file, options);
  if (!options.auto) {
    const found = await sendRows(context, what, true);
    if (!screen.isJson) show(screen, found);
    if (options.dryRun) return dryRunOver(screen, found);
    if (found.imported === 0) return nothingNew(screen, found);
    if (!(await confirmed(`Import ${found.imported} runs?`))) throw declined();
  }
  const done = await sendRows(context, what, false);
  if (screen.isJson) screen.json(done);
  else {
    if (options.auto) show(screen, done);
    screen.print(
      `\n${done.imported} imported, ${done.already} were there already, ${done.refused.length} refused.`,
    );
  }
  return done.refused.length > 0 ? EXIT.notWell : 0;
}

/**
 * @param {string} file
 * @param {Record<string, any>} options
 * @returns {import("../import/send-rows.mjs").Import}
 */
function readOptions(file, options) {
  const { states, problems } = stateMapOf(options.stateMap);
  /** @type {Map<string, string>} */
  const map = new Map();
  for (const pair of options.map) {
    const [field = "", column] = split(pair);
    if (column === undefined) problems.push(`--map: expected field=column, found "${pair}".`);
    else map.set(field, column);
  }
  if (problems.length > 0) throw new Refusal(EXIT.usage, problems.join(" "));
  return { file, source: options.source ?? basename(file, extname(file)).slice(0, 63), map, states };
}

/**
 * @param {import("../show/screen.mjs").Screen} screen
 * @param {ImportAnswer} found
 */
function show(screen, { imported, already, refused, zombies, items }) {
  screen.table(
    [{ title: "FOUND" }, { title: "ROWS", align: "right" }],
    [
      ["new", imported],
      ["there already", already],
      ["refused", refused.length],
      ["said to be active: resumable", zombies.resumable],
      ["said to be active: complete", zombies.complete],
      ["said to be active: dead", zombies.dead],
      ["said to be active: unknown", zombies.unknown],
      ["said to be active: alive", zombies.alive],
    ].filter(([, count], at) => at < 3 || Number(count) > 0),
  );
  if (items.length > 0) {
    screen.print();
    screen.table(
      [
        { title: "ROW", align: "right" },
        { title: "JOB", shrink: 8 },
        { title: "VERDICT" },
        { title: "WHAT IT IS", shrink: 24, wrap: true },
      ],
      items
        .slice(0, SHOWN)
        .map(({ row, job, verdict, alive, sentence }) => [row, job, alive ? "alive" : verdict, sentence]),
    );
    if (items.length > SHOWN) screen.print(`… and ${items.length - SHOWN} more (--json has all)`);
  }
  if (refused.length > 0) {
    screen.print();
    screen.table(
      [
        { title: "ROW", align: "right" },
        { title: "REFUSED BECAUSE", shrink: 24, wrap: true },
      ],
      refused.slice(0, SHOWN).map(({ row, problem }) => [row, problem]),
    );
    if (refused.length > SHOWN) screen.print(`… and ${refused.length - SHOWN} more (--json has all)`);
  }
}

/**
 * @param {import("../show/screen.mjs").Screen} screen
 * @param {ImportAnswer} found
 */
function dryRunOver(screen, found) {
  if (screen.isJson) screen.json(found);
  else screen.print("\nThis was a dry run; nothing was changed.");
  return found.refused.length > 0 ? EXIT.notWell : 0;
}

/**
 * @param {import("../show/screen.mjs").Screen} screen
 * @param {ImportAnswer} found
 */
function nothingNew(screen, found) {
  screen.print("\nThere is nothing to import.");
  return found.refused.length > 0 ? EXIT.notWell : 0;
}
