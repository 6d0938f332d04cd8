import { EXIT, Refusal } from "../exit-codes.mjs";
import { columnsOf, TIMES } from "./columns.mjs";
import { nameOfDelimiter } from "./csv.mjs";
import { mayIdentify } from "./names.mjs";
import { stateOf } from "./states.mjs";
import { jobIdOf, plain, quotedForShell } from "./words.mjs";
import { UTC } from "./zone.mjs";

/**
 * What was said, what was found, and so how each row is read.
 * @typedef {{ map: Map<string, string>, states: Map<string, string>, zone: import("./zone.mjs").Zone | null, order: "dmy" | "mdy" | null, createJobs: boolean }} Said
 * @typedef {{ word: string, rows: number, option: string }} UnknownWord
 * @typedef {import("./row.mjs").Plan & { known: import("./known-tables.mjs").KnownTable | null, notes: string[], unknownWords: UnknownWord[], hasGuess: boolean }} ImportPlan
 */

/** More jobs than this, and most of them with one run, are runs and not jobs. */
const MANY_JOBS = 200;
/** What a word that holds another is likely to mean: the worse first. */
const WORST_FIRST = ["failed", "timed_out", "interrupted", "stopped", "running", "queued", "completed"];

/**
 * @param {import("./survey.mjs").Survey} survey
 * @param {Said} said
 * @returns {ImportPlan}
 */
export function planOf(survey, said) {
  const { readers, known, problems } = columnsOf(survey.columns, said.map);
  if (problems.length > 0) throw new Refusal(EXIT.usage, problems.join(" "));
  const jobs = readers.get("job");
  const jobName = jobs?.columns[0]?.[0] ?? "";
  const jobColumn = survey.columns.get(jobName);
  const jobCount = jobColumn === undefined ? 0 : jobColumn.filled - jobColumn.repeats;
  if (
    said.createJobs &&
    mayIdentify(jobName) &&
    !said.map.has("job") &&
    jobCount > MANY_JOBS &&
    jobCount > survey.rows / 2
  )
    throw new Refusal(
      EXIT.usage,
      `Column "${jobName}" was taken for the job, and would make ${jobCount} jobs of ${survey.rows} rows. Say which column is: --map job=COLUMN`,
    );
  const states = new Map([
    ...Object.entries(known?.states ?? {}).map(
      ([theirs, ours]) => /** @type {[string, string]} */ ([plain(theirs), ours]),
    ),
    ...said.states,
  ]);
  const state = readers.get("state");
  const stateIsExitCode =
    state !== undefined && state.columns.flat().join() === readers.get("exitCode")?.columns.flat().join();
  const times = TIMES.flatMap(
    (field) => readers.get(/** @type {import("./names.mjs").Field} */ (field))?.columns.flat() ?? [],
  );
  const seen = times.flatMap((name) => survey.columns.get(name) ?? []);
  const orders = new Set(seen.flatMap((column) => [...column.orders]));
  const order = said.order ?? (orders.size === 1 ? /** @type {"dmy" | "mdy"} */ ([...orders][0]) : null);
  const notes = [
    ...(known?.note === undefined ? [] : [`${known.note}.`]),
    ...notesOfTimes(times, survey, said, order),
    ...notesOfNames(jobColumn),
    ...notesOfIds(readers, survey),
  ];
  const unknownWords = stateIsExitCode ? [] : unknownIn(state, survey, states);
  const hasGuess = [...readers.values()].some(({ sure }) => sure === "guess");
  return {
    readers,
    reading: { zone: said.zone ?? UTC, order },
    states,
    stateIsExitCode,
    withTitles: said.createJobs,
    onSeveralHosts: known?.onSeveralHosts === true,
    known,
    notes,
    unknownWords,
    hasGuess,
  };
}

/**
 * @param {readonly string[]} times
 * @param {import("./survey.mjs").Survey} survey
 * @param {Said} said
 * @param {"dmy" | "mdy" | null} order
 */
function notesOfTimes(times, survey, said, order) {
  const naive = times.filter((name) => (survey.columns.get(name)?.naive ?? 0) > 0);
  const either = times.filter((name) => (survey.columns.get(name)?.either ?? 0) > 0);
  const notes = [];
  if (naive.length > 0)
    notes.push(
      said.zone === null
        ? `Times without a zone in ${naive.join(", ")} are taken for UTC, which is a guess: --timezone Europe/Vienna (or -05:00, or local) says another.`
        : `Times without a zone in ${naive.join(", ")} are in ${said.zone.name}, as --timezone says.`,
    );
  if (either.length > 0)
    notes.push(
      order === null
        ? `Day and month cannot be told apart in ${either.join(", ")}: add --dates dmy or --dates mdy.`
        : `Dates in ${either.join(", ")} begin with the ${order === "dmy" ? "day" : "month"}${said.order === null ? ", as other rows show" : ", as --dates says"}.`,
    );
  return notes;
}

/** Several names that become one job. @param {import("./survey.mjs").Survey["columns"] extends Map<string, infer Column> ? Column | undefined : never} column */
function notesOfNames(column) {
  /** @type {Map<string, string[]>} */
  const names = new Map();
  for (const name of column?.distinct?.keys() ?? []) {
    const id = jobIdOf(name);
    if (id !== undefined) names.set(id, [...(names.get(id) ?? []), name]);
  }
  return [...names]
    .filter(([, each]) => each.length > 1)
    .slice(0, 5)
    .map(([id, each]) => `${each.map((name) => `"${name}"`).join(", ")} become one job, ${id}.`);
}

/** @param {ReadonlyMap<import("./names.mjs").Field, import("./columns.mjs").Reader>} readers @param {import("./survey.mjs").Survey} survey */
function notesOfIds(readers, { leftOut }) {
  const notes = [];
  if (leftOut > 0) notes.push(`There are more than 500 columns; ${leftOut} or more were not looked at.`);
  if (readers.get("startedAt") === undefined && readers.get("pid") !== undefined)
    notes.push(
      "No column has the start: a row that is active with a living pid is refused. --map startedAt=COLUMN says it.",
    );
  return notes;
}

/**
 * Unknown words for states, each with the option that says what it means.
 * @param {import("./columns.mjs").Reader | undefined} state
 * @param {import("./survey.mjs").Survey} survey
 * @param {ReadonlyMap<string, string>} states
 * @returns {UnknownWord[]}
 */
function unknownIn(state, survey, states) {
  const words = new Map(
    (state?.columns.flat() ?? []).flatMap((name) => [...(survey.columns.get(name)?.distinct ?? [])]),
  );
  return [...words]
    .filter(([word]) => stateOf(word, states) === undefined)
    .map(([word, rows]) => ({
      word,
      rows,
      option: `--state-map ${quotedForShell(`${word}=${likely(word)}`)}`,
    }));
}

/** @param {string} word */
function likely(word) {
  const none = new Map();
  const meant = word.split(/[^\p{L}\p{M}\p{N}]+/u).flatMap((part) => stateOf(part, none) ?? []);
  return WORST_FIRST.find((state) => meant.includes(state)) ?? "failed";
}

/**
 * How the file is written, in a few words.
 * @param {import("./records.mjs").Form} form
 * @param {import("./open-file.mjs").Source} source
 */
export function formText(form, { encoding, isPacked }) {
  const table =
    form.is === "json"
      ? "JSON"
      : `a table with ${nameOfDelimiter(form.delimiter)} between cells${form.isSure ? "" : " (a guess: --delimiter says another)"}`;
  const odd =
    encoding === "windows-1252"
      ? ", not in UTF-8: taken for Windows-1252 (a guess: --encoding says another)"
      : encoding === "utf-8"
        ? ""
        : `, in ${encoding}`;
  return `${table}${odd}${isPacked ? ", packed by gzip" : ""}`;
}
