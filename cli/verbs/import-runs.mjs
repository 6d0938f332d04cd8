import { basename, extname } from "node:path";
import { confirmed, declined, mayAsk } from "../ask.mjs";
import { EXIT, Refusal } from "../exit-codes.mjs";
import { namesItself, openSource } from "../import/open-file.mjs";
import { planOf } from "../import/plan.mjs";
import { lookAtForm } from "../import/records.mjs";
import { repeatedIds } from "../import/repeated-ids.mjs";
import { sendRows } from "../import/send-rows.mjs";
import { columnsShown, showFound, showPlan } from "../import/show-import.mjs";
import { stateMapOf } from "../import/states.mjs";
import { surveyOf } from "../import/survey.mjs";
import { split } from "../import/words.mjs";
import { zoneOf } from "../import/zone.mjs";

/** @type {import("../program.mjs").Verb} */
export async function run(context, { args: [file = ""], options }) {
  if (options.dryRun && options.auto)
    throw new Refusal(EXIT.usage, "Expected one of --dry-run and --auto, found both.");
  const said = readOptions(options);
  if (options.source === undefined && !namesItself(file))
    throw new Refusal(
      EXIT.usage,
      `Expected --source NAME, what the other system is called: ${file === "-" ? "standard input" : file} has no name, and rows are recognized by that name and their id. Nothing was read.`,
    );
  const source = await openSource(file);
  try {
    if (options.encoding !== undefined) source.encoding = encodingOf(options.encoding);
    const form = await lookAtForm(source, delimiterOf(options.delimiter));
    const survey = await surveyOf(source, form, said.states);
    if (survey.rows === 0) throw new Refusal(EXIT.usage, `Expected rows in ${source.name}, found none.`);
    const more = {
      createJobs: said.createJobs,
      assumeOver: options.assumeOver === true,
      zoneIsSure: said.zone !== null,
    };
    const name = options.source ?? (basename(file, extname(file)).slice(0, 63) || "import");
    const plan = planOf(survey, said);
    const repeated = await repeatedIds({ source, form, plan }, survey);
    return await importAll(context, survey, { source, form, name, plan, repeated, more }, options);
  } finally {
    source.close();
  }
}

/**
 * @param {import("../program.mjs").Context} context
 * @param {import("../import/survey.mjs").Survey} survey
 * @param {import("../import/send-rows.mjs").Import} what
 * @param {Record<string, any>} options
 */
async function importAll(context, survey, what, options) {
  const { screen } = context;
  if (!screen.isJson) showPlan(screen, survey, what);
  if (!options.auto) {
    const found = await sendRows(context, what, true);
    if (!screen.isJson) showFound(screen, found);
    if (options.dryRun) return over(screen, survey, what, found, "This was a dry run; nothing was changed.");
    if (found.imported === 0) return over(screen, survey, what, found, "There is nothing to import.");
    if (screen.isJson || !mayAsk()) refuseDoubts(what, found);
    else if (!(await confirmed(`Import ${found.imported} runs?`))) throw declined();
  }
  const done = await sendRows(context, what, false);
  if (options.auto && !screen.isJson) showFound(screen, done);
  return over(
    screen,
    survey,
    what,
    done,
    `${done.imported} imported, ${done.already} already there, ${done.refusedCount} refused.`,
  );
}

/**
 * Without a terminal to ask in, an import that leaves nothing to ask about continues; it starts nothing and
 * changes no run.
 * @param {import("../import/send-rows.mjs").Import} what
 * @param {import("../import/send-rows.mjs").Total} found
 */
function refuseDoubts({ plan }, { refusedCount }) {
  const doubts = [
    ...(refusedCount > 0 ? [`${refusedCount} rows would be refused`] : []),
    ...(plan.hasGuess ? ["a column is only a guess"] : []),
  ];
  if (doubts.length > 0)
    throw new Refusal(
      EXIT.usage,
      `Cannot ask for confirmation here: this is not a terminal, and ${doubts.join(" and ")}. Nothing was changed. Use --dry-run to look, or --auto to import all the same.`,
    );
}

/**
 * @param {import("../show/screen.mjs").Screen} screen
 * @param {import("../import/survey.mjs").Survey} survey
 * @param {import("../import/send-rows.mjs").Import} what
 * @param {import("../import/send-rows.mjs").Total} total
 * @param {string} words
 */
function over(screen, survey, { plan, form, source }, total, words) {
  const { notes, unknownWords, known } = plan;
  const shape = {
    form: form.is,
    ...(form.is === "csv" ? { delimiter: form.delimiter } : {}),
    encoding: source.encoding,
  };
  const columns = columnsShown(survey, plan);
  if (screen.isJson)
    screen.json({ ...total, ...shape, table: known?.name ?? null, columns, notes, unknownWords });
  else screen.print(`\n${words}`);
  return total.refusedCount > 0 ? EXIT.notWell : 0;
}

/**
 * @param {Record<string, any>} options
 * @returns {import("../import/plan.mjs").Said}
 */
function readOptions(options) {
  const { states, problems } = stateMapOf(options.stateMap);
  /** @type {Map<string, string>} */
  const map = new Map();
  for (const pair of options.map) {
    const [field = "", column] = split(pair);
    if (column === undefined) problems.push(`--map: expected field=column, found "${pair}".`);
    else map.set(field, column);
  }
  const zone = options.timezone === undefined ? null : zoneOf(options.timezone);
  if (zone === null && options.timezone !== undefined)
    problems.push(
      `--timezone: expected a zone such as Europe/Vienna, -05:00, UTC or local, found "${options.timezone}".`,
    );
  if (problems.length > 0) throw new Refusal(EXIT.usage, problems.join(" "));
  return { map, states, zone, order: options.dates ?? null, createJobs: options.createJobs === true };
}

/** @param {string | undefined} text */
function delimiterOf(text) {
  if (text === undefined) return null;
  const delimiter = /^(tab|\\t)$/i.test(text) ? "\t" : text;
  if ([...delimiter].length === 1 && !/["\r\n]/.test(delimiter)) return delimiter;
  throw new Refusal(EXIT.usage, `--delimiter: expected one character, or tab, found "${text}".`);
}

/** @param {string} text */
function encodingOf(text) {
  try {
    return new TextDecoder(text).encoding;
  } catch {
    throw new Refusal(
      EXIT.usage,
      `--encoding: expected the name of one, such as utf-8, windows-1252, gb18030 or shift_jis, found "${text}".`,
    );
  }
}
