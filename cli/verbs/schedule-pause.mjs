import { scheduleOf, schedulePath, tellSchedule } from "../schedules.mjs";

/** @type {import("../program.mjs").Verb} */
export function run(context, { args: [id = ""] }) {
  return enable(context, id, false);
}

/**
 * @param {import("../program.mjs").Context} context
 * @param {string} id
 * @param {boolean} enabled
 */
export async function enable(context, id, enabled) {
  const found = await scheduleOf(context, id);
  const body = { version: found.version, enabled };
  /** @type {import("../../lib/contracts/schedule").ScheduleView} */
  const changed =
    found.enabled === enabled ? found : await context.dashboard.call("PATCH", schedulePath(found), { body });
  tellSchedule(context, changed);
  return 0;
}
