import { startWith } from "./start.mjs";

/** @type {import("../program.mjs").Verb} */
export function run(context, input) {
  return startWith(context, input, "resume");
}
