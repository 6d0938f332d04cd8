import { timezoneOf, whenOf } from "../schedules.mjs";
import { ago } from "../show/times.mjs";

/** @type {import("../program.mjs").Verb} */
export async function run({ dashboard, screen }, { args: [expression], options }) {
  const timezone = timezoneOf(options);
  const body = { when: whenOf(expression, options), timezone, count: options.limit };
  /** @type {import("../../lib/contracts/schedule").PreviewAnswer} */
  const answer = await dashboard.call("POST", "/api/v1/schedules/preview", { body });
  if (screen.isJson) {
    screen.json(answer);
    return 0;
  }
  screen.print(`${answer.words} (${answer.timezone})`);
  if (answer.times.length === 0) screen.print("This never happens.");
  else {
    const now = Date.now();
    screen.table(
      [
        { title: "TIME" },
        { title: "UTC" },
        { title: "COMES", align: "right" },
        { title: "CLOCK", shrink: 20, wrap: true },
      ],
      answer.times.map(({ at, local, offset, words }) => [local, offset, ago(at, now), words ?? ""]),
    );
  }
  return 0;
}
