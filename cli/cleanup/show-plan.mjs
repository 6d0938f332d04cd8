import { lasting } from "../show/times.mjs";

/**
 * @typedef {import("../../lib/contracts/cleanup").PlanView} Plan
 * @typedef {import("../../lib/contracts/cleanup").PlanItemView} PlanItem
 * @typedef {import("../show/screen.mjs").Screen} Screen
 */

/** @type {Record<PlanItem["result"], import("../show/screen.mjs").Tone>} */
const TONE = { planned: "odd", kept: "faint", done: "good", skipped: "odd", failed: "bad", undone: "faint" };

/**
 * What will happen to each.
 * @param {Screen} screen
 * @param {PlanItem[]} items
 */
export function showPlanned(screen, items) {
  if (items.length === 0) return;
  screen.table(
    [
      { title: "RUN" },
      { title: "JOB", shrink: 8 },
      { title: "AGE", align: "right" },
      { title: "WILL BE", paint: (text, row) => screen.paint(isTouched(items[row]) ? "bad" : "faint", text) },
      { title: "WHY", shrink: 24, wrap: true },
    ],
    items.map((item) => [item.run, item.job, lasting(item.ageMs), WILL[item.action], item.why]),
  );
}

const WILL = { clean: "cleaned", keep: "kept", delete: "deleted" };

/** @param {PlanItem | undefined} item */
export function isTouched(item) {
  return item !== undefined && item.action !== "keep";
}

/** What every cleaned run's reason begins with: the table says it already. */
const CLEANED = /^Timeout – Auto-cleaned: /;

/**
 * What became of each.
 * @param {Screen} screen
 * @param {PlanItem[]} items
 */
export function showResults(screen, items) {
  // What an abort has left alone has no result. What did not go as planned comes first: it needs attention.
  const told = items
    .filter(({ result }) => result !== "kept" && result !== "planned")
    .sort((one, other) => Number(wentWell(one)) - Number(wentWell(other)));
  if (told.length === 0) return;
  screen.table(
    [
      { title: "RUN" },
      { title: "JOB", shrink: 8 },
      { title: "RESULT", paint: (text, row) => screen.paint(TONE[told[row]?.result ?? "planned"], text) },
      { title: "DETAIL", shrink: 24, wrap: true },
    ],
    told.map((item) => [item.run, item.job, item.result, (item.detail ?? item.why).replace(CLEANED, "")]),
  );
}

/**
 * What an undo would do to each.
 * @param {Screen} screen
 * @param {import("../../lib/contracts/cleanup").UndoPreview} preview
 */
export function showUndo(screen, { counts, items }) {
  if (items.length > 0)
    screen.table(
      [
        { title: "RUN" },
        { title: "JOB", shrink: 8 },
        { title: "WILL BE", paint: (text) => screen.paint("odd", text) },
        { title: "WHY", shrink: 24, wrap: true },
      ],
      items.map((item) => [item.run, item.job, UNDO[item.outcome], item.why]),
    );
  const { stuck, state_only: stateOnly, unchanged } = counts;
  screen.print(
    `\n${stuck} back to stuck, ${stateOnly} only get their old state back, ${unchanged} unchanged.`,
  );
}

const UNDO = { stuck: "stuck", state_only: "interrupted", unchanged: "unchanged" };

/** @param {PlanItem} item */
function wentWell({ result }) {
  return result === "done" || result === "undone";
}

/** `2 to be cleaned, 1 kept` @param {PlanItem[]} items */
export function plannedText(items) {
  const touched = items.filter(isTouched).length;
  const kept = items.length - touched;
  const what = items.some(({ action }) => action === "delete") ? "deleted" : "cleaned";
  return `${touched} to be ${what}, ${kept} kept`;
}

/** @param {Plan} plan */
export function resultText({ id, state, kind, counts }) {
  const verb = kind === "delete" ? "deleted" : "cleaned";
  const parts = [`${counts.done} ${verb}`];
  for (const name of /** @type {const} */ (["skipped", "failed", "undone", "kept"]))
    if (counts[name] > 0) parts.push(`${counts[name]} ${name}`);
  if (counts.planned > 0) parts.push(`${counts.planned} left alone`);
  return `${id} ${state}: ${parts.join(", ")}`;
}
