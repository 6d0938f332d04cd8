import { FIELDS } from "./names.mjs";
import { formText } from "./plan.mjs";
import { shown } from "./row.mjs";

/**
 * @typedef {import("../show/screen.mjs").Screen} Screen
 * @typedef {import("./send-rows.mjs").Total} Total
 * @typedef {import("./send-rows.mjs").Import} Import
 */

const SHOWN = 20;
const EXAMPLE = 24;

/**
 * What became of each column of the file, also as JSON.
 * @param {import("./survey.mjs").Survey} survey
 * @param {import("./plan.mjs").ImportPlan} plan
 */
export function columnsShown(survey, { readers }) {
  const order = [...readers];
  return [...survey.columns].map(([column, { filled, examples, distinct }]) => {
    const uses = order.filter(([, { columns }]) => columns.flat().includes(column));
    const fields = FIELDS.filter((field) => uses.some(([each]) => each === field));
    const [first] = uses;
    return {
      column,
      fields,
      sure: first?.[1].sure ?? null,
      why: first === undefined ? whyUnused(filled, distinct) : first[1].why,
      examples: examples.map((text) => shown(text, EXAMPLE)),
    };
  });
}

/** @param {number} filled @param {ReadonlyMap<string, number> | null} distinct */
function whyUnused(filled, distinct) {
  if (filled === 0) return "it is empty";
  return distinct?.size === 1
    ? "every row has the same value"
    : "no matching field, by its name and its values";
}

/**
 * @param {Screen} screen
 * @param {import("./survey.mjs").Survey} survey
 * @param {Import} what
 */
export function showPlan(screen, survey, { source, form, plan }) {
  const known = plan.known === null ? "" : `, as ${plan.known.name} has it`;
  screen.print(`${source.name}: ${survey.rows} rows, ${formText(form, source)}${known}.\n`);
  screen.table(
    [
      { title: "COLUMN", shrink: 12 },
      { title: "BECAME" },
      { title: "SURE" },
      { title: "WHY, AND EXAMPLES", shrink: 24, wrap: true },
    ],
    columnsShown(survey, plan).map(({ column, fields, sure, why, examples }) => [
      column,
      fields.length === 0 ? "not used" : fields.join(", "),
      sure,
      `${why}${examples.length === 0 ? "" : `: ${examples.join(" · ")}`}`,
    ]),
  );
  for (const note of plan.notes) screen.print(`\n${screen.folded(note, 0)}`);
  if (plan.unknownWords.length > 0) {
    screen.print(
      "\nUnknown words for states. Say what each means with one option (the state shown is a suggestion):\n",
    );
    for (const { word, rows, option } of plan.unknownWords.slice(0, SHOWN))
      screen.print(`  ${option}    # "${shown(word)}", ${rows} ${rows === 1 ? "row" : "rows"}`);
  }
  screen.print();
}

/**
 * @param {Screen} screen
 * @param {Total} found
 */
export function showFound(screen, found) {
  const { imported, already, refusedCount, repeatedCount, zombies, jobs } = found;
  screen.table(
    [{ title: "FOUND" }, { title: "ROWS", align: "right" }],
    [
      ["new", imported],
      ["already imported", already],
      ["refused", refusedCount],
      ["refused: another row has the same id", repeatedCount],
      ["said to be active: resumable", zombies.resumable],
      ["said to be active: complete", zombies.complete],
      ["said to be active: dead", zombies.dead],
      ["said to be active: unknown", zombies.unknown],
      ["said to be active: alive, refused", zombies.alive],
      ["said to be active: may be alive, refused", zombies.mayBeAlive],
    ].filter(([, count], at) => at < 3 || Number(count) > 0),
  );
  if (jobs.length > 0) {
    const names = jobs.slice(0, SHOWN).map(({ id }) => id);
    const more = jobs.length > SHOWN ? ` and ${jobs.length - SHOWN} more` : "";
    screen.print(
      `\n${screen.folded(`${jobs.length === 1 ? "1 job is" : `${jobs.length} jobs are`} new and disabled until you give ${jobs.length === 1 ? "it" : "them"} a command: ${names.join(", ")}${more}.`, 0)}`,
    );
  }
  for (const { offsetMinutes, rows } of found.zoneHints.slice(0, 3))
    screen.print(
      `\n${screen.folded(`${rows === 1 ? "A living process fits its row" : `${rows} living processes fit their rows`} if the times are in UTC${zone(offsetMinutes)}: --timezone ${zone(offsetMinutes)}`, 0)}`,
    );
  showRows(screen, found);
}

/** @param {Screen} screen @param {Total} found */
function showRows(screen, { items, itemCount, refused, refusedCount }) {
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
    if (itemCount > SHOWN)
      screen.print(
        `… and ${itemCount - SHOWN} more (--json has ${itemCount > items.length ? `the first ${items.length}` : "all"})`,
      );
  }
  if (refused.length === 0) return;
  screen.print();
  screen.table(
    [
      { title: "ROW", align: "right" },
      { title: "REFUSED BECAUSE", shrink: 24, wrap: true },
    ],
    refused.slice(0, SHOWN).map(({ row, problem }) => [row, problem]),
  );
  if (refusedCount > SHOWN)
    screen.print(
      `… and ${refusedCount - SHOWN} more (--json has ${refusedCount > refused.length ? `the first ${refused.length}` : "all"})`,
    );
}

/** `-05:00` @param {number} offsetMinutes */
function zone(offsetMinutes) {
  const minutes = Math.abs(offsetMinutes);
  const two = (/** @type {number} */ part) => String(part).padStart(2, "0");
  return `${offsetMinutes < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
