import { jobPath } from "../paths.mjs";
import { stateText, whenText } from "../schedules.mjs";
import { ago } from "../show/times.mjs";

/** @typedef {import("../../lib/contracts/schedule").ListedSchedule} ListedSchedule */

/** @type {import("../program.mjs").Verb} */
export async function run({ dashboard, screen }, { args: [job] }) {
  const path = job === undefined ? "/api/v1/schedules" : jobPath(job, "/schedules");
  /** @type {{ items: ListedSchedule[] }} */
  const answer = await dashboard.call("GET", path);
  const { items } = answer;
  if (screen.isJson) screen.json(answer);
  else if (items.length === 0)
    screen.print(job === undefined ? "There are no schedules." : `${job} has no schedule.`);
  else {
    const now = Date.now();
    screen.table(
      [
        { title: "SCHEDULE" },
        { title: "JOB", shrink: 8 },
        { title: "WHEN", shrink: 10 },
        { title: "NEXT", align: "right" },
        { title: "STATE", paint: (text, row) => screen.paint(toneOf(items[row]), text) },
        { title: "LAST", shrink: 8 },
      ],
      items.map((schedule) => [
        schedule.id,
        schedule.job,
        whenText(schedule),
        schedule.next === null ? null : ago(schedule.next.at, now),
        stateText(schedule),
        lastText(schedule, now),
      ]),
    );
  }
  return 0;
}

/** @param {ListedSchedule | undefined} schedule */
function toneOf(schedule) {
  return schedule !== undefined && stateText(schedule) === "active" ? "good" : "faint";
}

/**
 * @param {ListedSchedule} schedule
 * @param {number} now
 */
function lastText({ last }, now) {
  if (last === null) return null;
  const { state, count, slot, why } = last;
  const what = `${state}${count > 1 ? ` ${count} times` : ""} ${ago(slot, now)}`;
  return why === null ? what : `${what}: ${why}`;
}
