import { ago } from "../show/times.mjs";

/** @type {import("../program.mjs").Verb} */
export async function run({ dashboard, screen }) {
  /** @type {{ items: import("../../lib/contracts/hold").HoldView[] }} */
  const answer = await dashboard.call("GET", "/api/v1/holds");
  if (screen.isJson) screen.json(answer);
  else if (answer.items.length === 0) screen.print("Nothing is on hold.");
  else {
    const now = Date.now();
    screen.table(
      [
        { title: "HOLD" },
        { title: "ON", shrink: 8 },
        { title: "ENDS" },
        { title: "BY", shrink: 6 },
        { title: "REASON", shrink: 8 },
      ],
      answer.items.map(({ id, on, until, actor, reason }) => [
        ...[id, on, until === null ? "when released" : ago(until, now)],
        ...[actor, reason],
      ]),
    );
  }
  return 0;
}
