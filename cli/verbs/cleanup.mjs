import { confirmed, declined, mayAsk, typed } from "../ask.mjs";
import { applyPlan, itemsOf, makePlan, tryPlan } from "../cleanup/apply.mjs";
import {
  isTouched,
  plannedText,
  resultText,
  showPlanned,
  showResults,
  showUndo,
} from "../cleanup/show-plan.mjs";
import { EXIT, Refusal } from "../exit-codes.mjs";
import { reasonOf } from "./start.mjs";

/**
 * @typedef {import("../cleanup/apply.mjs").Plan} Plan
 * @typedef {import("../cleanup/apply.mjs").PlanItem} PlanItem
 * @typedef {import("../program.mjs").Context} Context
 * @typedef {{ kind: Plan["kind"], body: Record<string, unknown>, job: string | null }} Wanted
 */

/** @type {import("../program.mjs").Verb} */
export async function run(context, { options }) {
  refuseContradictions(options);
  if (options.undo !== undefined) return undo(context, options);
  const wanted = options.delete ? deletion(options) : cleaning(options);
  const seen = await tryPlan(context, wanted.kind, wanted.body);
  if (options.dryRun) return showDryRun(context, seen);
  const { screen } = context;
  if (!screen.isJson) showPlanned(screen, seen.items);
  if (!seen.items.some(isTouched)) return nothingToDo(context, seen);
  if (!screen.isJson) screen.print(`\n${plannedText(seen.items)}.`);
  return carryOut(context, wanted, seen, options);
}

/** @param {Record<string, any>} options */
function refuseContradictions({
  dryRun,
  auto,
  undo: plan,
  delete: deletes,
  confirm,
  job,
  ageHours,
  tag,
  json,
}) {
  const both = [dryRun && "--dry-run", auto && "--auto", plan !== undefined && "--undo"].filter(Boolean);
  if (both.length > 1 && !(dryRun && plan !== undefined && !auto))
    throw wrong(`Expected one of ${both.join(" and ")}, found both.`);
  if (plan !== undefined && deletes)
    throw wrong("What was deleted cannot be put back: --delete and --undo exclude each other.");
  if (confirm !== undefined && !deletes) throw wrong("--confirm belongs to --delete.");
  if (deletes && (job.length !== 1 || tag.length > 0))
    throw wrong(
      "Expected one job with --delete. Example: unstuck cleanup --delete --job nightly --age-hours 720",
    );
  if (deletes && ageHours === undefined)
    throw wrong(
      "Expected --age-hours with --delete: only what ended longer ago is deleted. Example: --age-hours 720",
    );
  if (deletes && auto && confirm === undefined)
    throw wrong("Expected --confirm with the job's name: --auto alone deletes nothing.");
  const asks = !dryRun && !auto && plan === undefined && confirm === undefined;
  if (asks && (json || !mayAsk()))
    throw wrong(
      `Cannot ask for confirmation ${json ? "with --json" : "here: this is not a terminal"}. Use --dry-run to look, or --auto to apply.`,
    );
}

/** @param {string} message */
function wrong(message) {
  return new Refusal(EXIT.usage, message);
}

/**
 * @param {Record<string, any>} options
 * @returns {Wanted}
 */
function cleaning({ ageHours, job, tag, allowShort }) {
  const body = {
    trigger: "cli",
    ...(ageHours === undefined ? {} : { ageHours }),
    ...(job.length > 0 ? { jobs: job } : {}),
    ...(tag.length > 0 ? { tags: tag } : {}),
    ...(allowShort ? { allowShort: true } : {}),
  };
  return { kind: "cleanup", body, job: null };
}

/**
 * @param {Record<string, any>} options
 * @returns {Wanted}
 */
function deletion({ ageHours, job: [job] }) {
  return { kind: "delete", body: { trigger: "cli", job, olderThanHours: ageHours }, job };
}

/**
 * @param {Context} context
 * @param {{ plan: Plan, items: PlanItem[] }} seen
 */
function showDryRun({ screen }, seen) {
  if (screen.isJson) screen.json(seen);
  else if (seen.items.length === 0) screen.print(nothingText(seen.plan));
  else {
    showPlanned(screen, seen.items);
    screen.print(`\n${plannedText(seen.items)}. This was a dry run; nothing was changed.`);
  }
  return 0;
}

/**
 * @param {Context} context
 * @param {{ plan: Plan, items: PlanItem[] }} seen
 */
function nothingToDo({ screen }, seen) {
  if (screen.isJson) screen.json(seen);
  else screen.print(`${seen.items.length > 0 ? "\n" : ""}${nothingText(seen.plan)}`);
  return 0;
}

/** @param {Plan} plan */
function nothingText({ kind }) {
  return kind === "delete" ? "There is nothing to delete." : "There is nothing to clean up.";
}

/**
 * Nothing is written before the answer is yes. The plan that is applied is then compared with what was shown: what has come to it
 * meanwhile is shown and asked about.
 * @param {Context} context
 * @param {Wanted} wanted
 * @param {{ plan: Plan, items: PlanItem[] }} seen
 * @param {Record<string, any>} options
 */
async function carryOut(context, wanted, seen, options) {
  const { screen } = context;
  let confirm = await agreed(wanted, seen.items, options);
  const made = await makePlan(context, wanted.kind, { ...wanted.body, ...reasonOf(options) });
  if (!options.auto && !isWithin(made.items, seen.items)) {
    screen.print("\nMeanwhile the list has changed. It is now:\n");
    showPlanned(screen, made.items);
    confirm = await agreed(wanted, made.items, options);
  }
  const body = { ...(confirm === null ? {} : { confirm }), ...reasonOf(options) };
  const applied = await applyPlan(context, made.plan, body);
  if (screen.isJson) screen.json(applied);
  else {
    screen.print();
    showResults(screen, applied.items);
    screen.print(`\n${resultText(applied.plan)}.`);
    if (wanted.kind === "cleanup" && applied.plan.counts.done > 0)
      screen.note(`unstuck cleanup --undo ${applied.plan.id} puts them back.`);
  }
  const { failed, skipped } = applied.plan.counts;
  return failed + skipped > 0 || applied.plan.state === "aborted" ? EXIT.notWell : 0;
}

/**
 * @param {PlanItem[]} items
 * @param {PlanItem[]} shown
 */
function isWithin(items, shown) {
  const known = new Set(shown.filter(isTouched).map(({ run: id }) => id));
  return items.filter(isTouched).every(({ run: id }) => known.has(id));
}

/**
 * @param {Wanted} wanted
 * @param {PlanItem[]} items
 * @param {Record<string, any>} options
 * @returns {Promise<string | null>} the job's name, as deleting wants it
 */
async function agreed({ kind, job }, items, { auto, confirm }) {
  const count = items.filter(isTouched).length;
  if (kind === "delete") {
    const name =
      confirm ??
      (await typed(
        `This deletes ${count === 1 ? "this run" : `these ${count} runs`} for good. Type the job's name to continue:`,
      ));
    if (name === job) return name;
    throw declined(`Expected "${job}", found "${name}". Nothing was changed.`);
  }
  if (!auto && !(await confirmed(`Clean ${count === 1 ? "this run" : `these ${count} runs`}?`)))
    throw declined();
  return null;
}

/**
 * @param {Context} context
 * @param {Record<string, any>} options
 */
async function undo(context, { undo: id, reason, dryRun }) {
  const { screen, dashboard } = context;
  const path = `/api/v1/cleanup/plans/${encodeURIComponent(id)}/undo`;
  /** @type {import("../../lib/contracts/cleanup").UndoPreview} */
  const preview = await dashboard.call("POST", path, { body: { dryRun: true } });
  if (dryRun) {
    if (screen.isJson) screen.json(preview);
    else {
      showUndo(screen, preview);
      screen.print("This was a dry run; nothing was changed.");
    }
    return 0;
  }
  const body = { expected: preview.counts, ...reasonOf({ reason }) };
  /** @type {Plan} */
  const plan = await dashboard.call("POST", path, { body });
  if (screen.isJson) screen.json(plan);
  else {
    showResults(screen, await itemsOf(context, plan.id));
    screen.print(`\n${resultText(plan)}.`);
  }
  return plan.counts.failed > 0 ? EXIT.notWell : 0;
}
