import { withQuery } from "../paths.mjs";
import { ago } from "../show/times.mjs";

/** @typedef {import("../../lib/contracts/lock").LockView} LockView */

/** @type {import("../program.mjs").Verb} */
export async function run({ dashboard, screen }) {
  /** @type {LockView[]} */
  const items = [];
  /** @type {string | null} */
  let cursor = null;
  do {
    /** @type {{ items: LockView[], nextCursor: string | null }} */
    const page = await dashboard.call(
      "GET",
      withQuery("/api/v1/locks", { limit: 200, cursor: cursor ?? undefined }),
    );
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  if (screen.isJson) screen.json({ items, nextCursor: null });
  else if (items.length === 0) screen.print("No lock is held or waited for.");
  else {
    const now = Date.now();
    screen.table(
      [
        { title: "LOCK", shrink: 10 },
        { title: "HELD BY" },
        { title: "JOB", shrink: 8 },
        { title: "SINCE", align: "right" },
        { title: "FENCE", align: "right" },
        { title: "WAITING", align: "right" },
      ],
      items.map(({ name, holder, acquiredAt, fence, waitingCount }) => [
        name,
        holder?.run ?? "free",
        holder?.job ?? null,
        holder === null ? null : ago(acquiredAt, now),
        fence,
        waitingCount,
      ]),
    );
  }
  return 0;
}
