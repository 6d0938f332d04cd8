import { enable } from "./schedule-pause.mjs";

/** @type {import("../program.mjs").Verb} */
export function run(context, { args: [id = ""] }) {
  return enable(context, id, true);
}
