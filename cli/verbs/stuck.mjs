import { withQuery } from "../paths.mjs";
import { isOver } from "../show/runs.mjs";
import { lasting } from "../show/times.mjs";

/**
 * @typedef {import("../../lib/contracts/stuck").StuckAnswer} StuckAnswer
 * @typedef {import("../../lib/contracts/stuck").StuckItemView} StuckItem
 */

/** @type {Record<StuckItem["category"], import("../show/screen.mjs").Tone>} */
const TONE = {
  resumable: "good",
  dead: "bad",
  complete: "good",
  unknown: "odd",
  hung: "bad",
  orphaned: "bad",
  waiting: "faint",
  superseded: "faint",
};
const PAGE = 200;

/** @type {import("../program.mjs").Verb} */
export async function run(context, { options: { ageHours, job, tag } }) {
  const { screen } = context;
  const answer = await everyPage(context, { ageHours, job, tag, limit: PAGE });
  if (screen.isJson) {
    screen.json(answer);
    return 0;
  }
  const counts = Object.entries(answer.counts).filter(([, count]) => count > 0);
  if (counts.length === 0) screen.print("Nothing is stuck.");
  else screen.print(counts.map(([category, count]) => `${count} ${category}`).join(", "));
  if (answer.items.length > 0) tell(screen, answer.items);
  return 0;
}

/**
 * @param {import("../program.mjs").Context} context
 * @param {Record<string, string | number | undefined>} query
 * @returns {Promise<StuckAnswer>}
 */
async function everyPage({ dashboard }, query) {
  /** @type {StuckAnswer} */
  const first = await dashboard.call("GET", withQuery("/api/v1/stuck", query));
  const all = { ...first };
  while (all.nextCursor !== null) {
    /** @type {StuckAnswer} */
    const next = await dashboard.call(
      "GET",
      withQuery("/api/v1/stuck", { ...query, cursor: all.nextCursor }),
    );
    all.items = [...all.items, ...next.items];
    all.nextCursor = next.nextCursor;
  }
  return all;
}

/**
 * @param {import("../show/screen.mjs").Screen} screen
 * @param {StuckItem[]} items
 */
function tell(screen, items) {
  screen.print();
  screen.table(
    [
      { title: "RUN" },
      { title: "JOB", shrink: 8 },
      {
        title: "VERDICT",
        paint: (text, row) => screen.paint(TONE[items[row]?.category ?? "unknown"], text),
      },
      { title: "AGE", align: "right" },
      { title: "REASON", shrink: 24, wrap: true },
    ],
    items.map(({ run: each, category, ageMs, sentence }) => [
      each.id,
      each.job,
      category,
      lasting(ageMs),
      // How it ended and how old it is stands beside it; what is left of its work is what decides.
      (isOver(each) ? each.verdictSentence : null) ?? sentence,
    ]),
  );
  screen.note(
    "\nunstuck resume JOB resumes its newest run,\nunstuck cleanup settles the dead, unstuck status JOB shows more.",
  );
}
