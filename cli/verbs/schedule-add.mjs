import { EXIT, Refusal } from "../exit-codes.mjs";
import { parametersOf } from "../params.mjs";
import { jobPath } from "../paths.mjs";
import { OVERLAPS, WEEKDAYS } from "../schedule-values.mjs";
import { tellSchedule, timezoneOf, whenOf } from "../schedules.mjs";

/** @type {import("../program.mjs").Verb} */
export async function run(context, { args: [job = "", expression], options }) {
  const { title, starts, ends, jitter, arg: args } = options;
  const body = {
    when: whenOf(expression, options),
    timezone: timezoneOf(options),
    daysOff: { dates: options.dayOff, weekdays: options.weekdayOff.map(weekdayOf) },
    missed: { policy: options.missed, most: options.missed === "all" ? options.most : 1 },
    overlap: OVERLAPS[/** @type {keyof typeof OVERLAPS} */ (options.overlap)],
    mode: options.fresh === true ? "fresh" : "auto",
    enabled: options.paused !== true,
    ...(title === undefined ? {} : { title }),
    ...(starts === undefined ? {} : { startsAt: starts }),
    ...(ends === undefined ? {} : { endsAt: ends }),
    ...(jitter === undefined ? {} : { jitterMs: jitter }),
    ...(args.length === 0 ? {} : { args }),
    ...(await parametersOf(context, job, options.param)),
  };
  /** @type {import("../../lib/contracts/schedule").ScheduleView} */
  const made = await context.dashboard.call("POST", jobPath(job, "/schedules"), { body });
  tellSchedule(context, made);
  return 0;
}

/** @param {string} text */
function weekdayOf(text) {
  const day = WEEKDAYS.indexOf(text.slice(0, 3).toLowerCase());
  if (day === -1)
    throw new Refusal(EXIT.usage, `Expected --weekday-off ${WEEKDAYS.join(", ")}, found "${text}".`);
  return day;
}
