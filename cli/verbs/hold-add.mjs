/** @type {import("../program.mjs").Verb} */
export async function run({ dashboard, screen }, { args: [on = ""], options: { reason, until } }) {
  /** @type {import("../../lib/contracts/hold").HoldView} */
  const hold = await dashboard.call("POST", "/api/v1/holds", {
    body: { on, reason, ...(until === undefined ? {} : { until }) },
  });
  const end = hold.until === null ? "until it is released" : `until ${hold.until}`;
  if (screen.isJson) screen.json(hold);
  else screen.print(`${hold.id} holds ${hold.on} ${end}. Starts by hand still work.`);
  return 0;
}
