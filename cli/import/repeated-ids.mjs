import { mayIdentify } from "./names.mjs";
import { rowsOf } from "./records.mjs";
import { toRow } from "./row.mjs";
import { Seen } from "./seen.mjs";

/**
 * Which ids several rows of a file have, as in a table that has a row for each change of a state. To be known before the first of
 * them is handed over: of such a run no single row tells whether it is over.
 * @param {Pick<import("./send-rows.mjs").Import, "source" | "form" | "plan">} what
 * @param {import("./survey.mjs").Survey} survey
 * @returns {Promise<Seen>}
 */
export async function repeatedIds({ source, form, plan }, survey) {
  const repeated = new Seen();
  if (isUnique(plan, survey)) return repeated;
  const seen = new Seen();
  for await (const given of rowsOf(source, form)) {
    const made = "problem" in given ? null : toRow(given.record, plan);
    if (made?.ok && !seen.add(String(made.row.externalId))) repeated.add(String(made.row.externalId));
  }
  return repeated;
}

/**
 * A column of which the survey saw that no value came twice makes every id with it one of its own.
 * @param {import("./plan.mjs").ImportPlan} plan
 * @param {import("./survey.mjs").Survey} survey
 */
function isUnique({ readers }, { columns }) {
  const groups = readers.get("externalId")?.columns ?? [];
  if (groups.length !== 1) return false;
  return (groups[0] ?? []).some((name) => mayIdentify(name) && columns.get(name)?.repeats === 0);
}
