import { withQuery } from "../paths.mjs";
import { untilThere } from "../until.mjs";

/**
 * @typedef {import("../../lib/contracts/cleanup").PlanView} Plan
 * @typedef {import("../../lib/contracts/cleanup").PlanItemView} PlanItem
 * @typedef {import("../program.mjs").Context} Context
 */

/** @type {Record<Plan["kind"], string>} */
const KIND_PATH = { cleanup: "/api/v1/cleanup/plans", delete: "/api/v1/deletion/plans" };
/** A plan over tens of thousands of runs reads as many checkpoints. */
const PLAN_WITHIN_MS = 300_000;

/**
 * @param {Context} context
 * @param {Plan["kind"]} kind
 * @param {Record<string, unknown>} body
 * @returns {Promise<{ plan: Plan, items: PlanItem[] }>}
 */
export function tryPlan({ dashboard }, kind, body) {
  return dashboard.call("POST", KIND_PATH[kind], {
    body: { ...body, dryRun: true },
    withinMs: PLAN_WITHIN_MS,
  });
}

/**
 * @param {Context} context
 * @param {Plan["kind"]} kind
 * @param {Record<string, unknown>} body
 * @returns {Promise<{ plan: Plan, items: PlanItem[] }>}
 */
export async function makePlan(context, kind, body) {
  /** @type {Plan} */
  const plan = await context.dashboard.call("POST", KIND_PATH[kind], { body, withinMs: PLAN_WITHIN_MS });
  return { plan, items: await itemsOf(context, plan.id) };
}

/**
 * @param {Context} context
 * @param {string} plan
 */
export async function itemsOf({ dashboard }, plan) {
  /** @type {PlanItem[]} */
  const items = [];
  /** @type {string | null} */
  let cursor = null;
  do {
    const path = `/api/v1/cleanup/plans/${plan}/items`;
    /** @type {{ items: PlanItem[], nextCursor: string | null }} */
    const page = await dashboard.call("GET", withQuery(path, { limit: 200, cursor: cursor ?? undefined }));
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

/**
 * Has it carried out and waits for its end; Ctrl-C meanwhile has the rest left alone.
 * @param {Context} context
 * @param {Plan} plan
 * @param {Record<string, unknown>} body
 * @returns {Promise<{ plan: Plan, items: PlanItem[] }>}
 */
export async function applyPlan(context, plan, body) {
  const { dashboard, screen } = context;
  await dashboard.call("POST", `${KIND_PATH[plan.kind]}/${plan.id}/apply`, { body });
  const abort = () => {
    screen.note("Aborting; what is done stays done.");
    dashboard.call("POST", `/api/v1/cleanup/plans/${plan.id}/abort`, { body: {} }).catch(() => undefined);
  };
  process.on("SIGINT", abort);
  try {
    const ended = await untilThere(() => overOf(context, plan.id));
    return { plan: ended, items: await itemsOf(context, plan.id) };
  } finally {
    process.off("SIGINT", abort);
  }
}

/**
 * @param {Context} context
 * @param {string} id
 */
async function overOf({ dashboard, screen }, id) {
  /** @type {Plan} */
  const plan = await dashboard.call("GET", `/api/v1/cleanup/plans/${id}`);
  if (plan.state !== "ready" && plan.state !== "applying") return plan;
  const { done, skipped, failed, planned } = plan.counts;
  screen.note(`${done + skipped + failed} of ${done + skipped + failed + planned}`);
  return null;
}
