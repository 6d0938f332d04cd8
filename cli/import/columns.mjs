import { knownTableOf } from "./known-tables.mjs";
import { FIELDS, WORDS } from "./names.mjs";
import { plain, tokensOf } from "./words.mjs";

/** Which column is which of our fields. Pure. */

/** @typedef {import("./names.mjs").Field} Field */
/** @typedef {"certain" | "likely" | "guess"} Sureness */
/**
 * How a field is read: its columns are joined, and of several the first that says something counts. `other`: what an import of another
 * part of the same table may have taken instead.
 * @typedef {{ columns: readonly (readonly string[])[], sure: Sureness, why: string, other?: readonly string[] }} Reader
 */
/**
 * What a column was seen to hold. `distinct`: null where its values are many.
 * @typedef {{ filled: number, seen: number, times: number, whole: number, states: number, distinct: ReadonlyMap<string, number> | null, repeats: number }} Holds
 */

export const REQUIRED = /** @type {const} */ (["job", "externalId", "state"]);
export const TIMES = ["startedAt", "endedAt", "lastActivityAt"];
export const COUNTS = ["extracted", "skipped", "total"];
const MOSTLY = 0.8;

/**
 * Which columns each field is read from.
 * @param {ReadonlyMap<string, Holds>} held every column of the file
 * @param {ReadonlyMap<string, string>} said by `--map`
 * @returns {{ readers: Map<Field, Reader>, known: import("./known-tables.mjs").KnownTable | null, problems: string[] }}
 */
export function columnsOf(held, said) {
  const columns = [...held.keys()];
  /** @type {Map<Field, Reader>} */
  const readers = new Map();
  const problems = takeSaid(readers, columns, said);
  const known = knownTableOf(columns);
  const isLeftOut = (/** @type {string} */ field) => said.get(field) === "";
  for (const [name, spec] of Object.entries(known?.fields ?? {})) {
    const field = /** @type {Field} */ (name);
    const found = columnsIn(spec, columns);
    if (found.length > 0 && !readers.has(field) && !isLeftOut(field))
      readers.set(field, { columns: found, sure: "certain", why: `as in ${known?.name}` });
  }
  if (known === null)
    for (const field of FIELDS) {
      const used = new Set([...readers.values()].flatMap((reader) => reader.columns.flat()));
      const free = columns.filter((column) => !used.has(column));
      const reader = readers.has(field) || isLeftOut(field) ? null : guess(field, free, held);
      if (reader !== null) readers.set(field, reader);
    }
  addMade(readers, held, known === null && !said.has("externalId"));
  for (const field of REQUIRED)
    if (!readers.has(field))
      problems.push(
        `Expected a column for "${field}", found ${columns.join(", ")}. Say which: --map ${field}=COLUMN`,
      );
  return { readers, known, problems };
}

/**
 * @param {Map<Field, Reader>} readers added to
 * @param {readonly string[]} columns
 * @param {ReadonlyMap<string, string>} said
 */
function takeSaid(readers, columns, said) {
  const problems = [];
  for (const [field, spec] of said) {
    const found = columnsIn(spec, columns);
    if (!FIELDS.some((each) => each === field))
      problems.push(`--map: there is no field "${field}". There are ${FIELDS.join(", ")}.`);
    else if (spec === "") continue;
    else if (found.length === 0)
      problems.push(`--map: there is no column "${spec}". There are ${columns.join(", ")}.`);
    else readers.set(/** @type {Field} */ (field), { columns: found, sure: "certain", why: "said by --map" });
  }
  return problems;
}

/**
 * `a+b|c` as columns; a column whose own name has these signs goes first. Of joined ones those that are not there are left out.
 * @param {string} spec
 * @param {readonly string[]} columns
 */
function columnsIn(spec, columns) {
  if (columns.includes(spec)) return [[spec]];
  const exact = (/** @type {string} */ name) =>
    columns.find((column) => column === name) ?? columns.find((column) => plain(column) === plain(name));
  return spec
    .split("|")
    .map((joined) => joined.split("+").flatMap((name) => exact(name) ?? []))
    .filter((found) => found.length > 0);
}

/**
 * @param {Field} field
 * @param {readonly string[]} free
 * @param {ReadonlyMap<string, Holds>} held
 * @returns {Reader | null}
 */
function guess(field, free, held) {
  const { sure, likely, tokens } = /** @type {{ sure: string[], likely: string[], tokens: string[] }} */ (
    WORDS.get(field)
  );
  const named = (/** @type {readonly string[]} */ names) =>
    names.flatMap((name) => free.filter((column) => plain(column) === name));
  const fits = (/** @type {string} */ column) => fitOf(field, /** @type {Holds} */ (held.get(column)));
  const byName = best(named(sure), fits);
  if (byName !== null) {
    const whole = fits(byName) >= MOSTLY;
    return reader(
      byName,
      whole ? "certain" : "guess",
      whole ? "its name" : "its name; some of its values cannot be read",
    );
  }
  // A column “process” is more often a name than a number.
  const isNumber = (/** @type {string} */ column) => shareOfWhole(/** @type {Holds} */ (held.get(column)));
  const byLikelyName = best(named(likely), field === "pid" ? isNumber : fits);
  if (byLikelyName !== null) return reader(byLikelyName, "likely", "its name, which can mean other things");
  const byToken = best(
    free.filter((column) => {
      const own = tokensOf(column);
      return (
        tokens.some((token) => own.includes(token)) &&
        !own.some((token) => /^(at|time|date|ts|id)$/.test(token))
      );
    }),
    fits,
  );
  if (byToken !== null) return reader(byToken, "likely", "a word in its name, and its values are numbers");
  if (field !== "state") return null;
  const byContent = best(free, (column) => stateShare(/** @type {Holds} */ (held.get(column))));
  return byContent === null ? null : reader(byContent, "guess", "its values are words for states");
}

/** The first of those that fit best. @param {readonly string[]} columns @param {(column: string) => number} fits */
function best(columns, fits) {
  let found = null;
  let most = 0;
  for (const column of columns) {
    const fit = fits(column);
    // A better name wins over a slightly better content.
    if (fit > (found === null ? 0 : most + 0.25)) [found, most] = [column, fit];
  }
  return found;
}

/** From 0, it cannot be, to 1. @param {Field} field @param {Holds} holds */
function fitOf(field, holds) {
  const { filled, seen, times, whole, distinct, repeats } = holds;
  if (filled === 0) return 0.01;
  if (TIMES.includes(field)) return times / seen;
  if (COUNTS.includes(field)) return shareOfWhole(holds);
  if (field === "exitCode") return whole > 0 ? 1 : 0;
  if (field === "state")
    return Math.max(stateShare(holds), distinct !== null && distinct.size <= 20 ? 0.3 : 0);
  // A job has many runs: a column that never says the same twice is something of a run.
  if (field === "job") return filled >= 20 && repeats === 0 ? 0.3 : 1;
  return 1;
}

/** @param {Holds} holds */
function shareOfWhole({ seen, whole }) {
  return seen > 0 && whole / seen >= MOSTLY ? 1 : 0;
}

/** @param {Holds} holds */
function stateShare({ seen, states, distinct }) {
  return seen === 0 || distinct === null || distinct.size > 50 ? 0 : states / seen >= 0.5 ? states / seen : 0;
}

/** @param {string} column @param {Sureness} sure @param {string} why @returns {Reader} */
function reader(column, sure, why) {
  return { columns: [[column]], sure, why };
}

/**
 * What a table does not have as a column of its own: a run's id, where ids are not unique or not there, and a state, where there is
 * an exit code.
 * @param {Map<Field, Reader>} readers added to
 * @param {ReadonlyMap<string, Holds>} held
 * @param {boolean} mayJoin the column with the id was found by its name alone
 */
function addMade(readers, held, mayJoin) {
  const [job, id, start, exit] = /** @type {const} */ (["job", "externalId", "startedAt", "exitCode"]).map(
    (field) => readers.get(field),
  );
  const one = (/** @type {Reader | undefined} */ given) => given?.columns[0] ?? [];
  if (job !== undefined && id !== undefined && id.columns.flat().length === 1 && mayJoin) {
    const joined = [...new Set([...one(job), ...one(id)])];
    const isRepeated = (held.get(one(id)[0] ?? "")?.repeats ?? 0) > 0;
    // Whether ids repeat may be another thing tomorrow: rows are known again in either form.
    readers.set(
      "externalId",
      isRepeated
        ? {
            columns: [joined],
            other: one(id),
            sure: "likely",
            why: "several rows have the same id, so the job's name is added to it",
          }
        : { ...id, other: joined },
    );
  }
  if (job !== undefined && id === undefined && start !== undefined)
    readers.set("externalId", {
      columns: [[...new Set([...one(job), ...one(start)])]],
      sure: "guess",
      why: "there is no column with an id: job and start make one",
    });
  if (!readers.has("state") && exit !== undefined)
    readers.set("state", {
      ...exit,
      sure: "likely",
      why: "there is no column with a state: exit code 0 is completed, others are failed",
    });
}
