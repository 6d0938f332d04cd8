import { withQuery } from "../paths.mjs";
import { reasonText, stateText, toneOf } from "../show/runs.mjs";
import { ago, lasting } from "../show/times.mjs";

/** @typedef {import("../../lib/contracts/run").RunView} RunView */

const MAX_PAGE = 200;

/** @type {import("../program.mjs").Verb} */
export async function run(context, { options: { job, state, fingerprint, limit } }) {
  const { screen } = context;
  const page = await pages(context, { job, state, fingerprint }, limit);
  if (screen.isJson) screen.json(page);
  else if (page.items.length === 0) screen.print("There are no such runs.");
  else {
    const now = Date.now();
    screen.table(
      [
        { title: "RUN" },
        { title: "JOB", shrink: 8 },
        {
          title: "STATE",
          shrink: 11,
          paint: (text, row) => screen.paint(toneOf(page.items[row]?.state), text),
        },
        { title: "BEGAN", align: "right" },
        { title: "TOOK", align: "right" },
        { title: "WHY", shrink: 8 },
      ],
      page.items.map((each) => [
        each.id,
        each.job,
        stateText(each),
        ago(each.startedAt ?? each.queuedAt, now),
        lasting(each.durationMs),
        each.waitingFor === null ? reasonText(each) : `waits for ${each.waitingFor}`,
      ]),
    );
    if (page.nextCursor !== null) screen.note(`There are more: --limit ${limit * 2}`);
  }
  return 0;
}

/**
 * As one page, however many the API needed.
 * @param {import("../program.mjs").Context} context
 * @param {{ job: string | undefined, state: string | undefined, fingerprint: string | undefined }} filter
 * @param {number} limit
 */
async function pages({ dashboard }, filter, limit) {
  /** @type {RunView[]} */
  const items = [];
  /** @type {string | null} */
  let cursor = null;
  do {
    const query = { ...filter, limit: Math.min(MAX_PAGE, limit - items.length), cursor: cursor ?? undefined };
    /** @type {{ items: RunView[], nextCursor: string | null }} */
    const page = await dashboard.call("GET", withQuery("/api/v1/runs", query));
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && items.length < limit);
  return { items, nextCursor: cursor };
}
