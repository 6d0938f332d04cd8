import { execUnderLock } from "../exec.mjs";
import { EXIT, Refusal } from "../exit-codes.mjs";

/** @type {import("../program.mjs").Verb} */
export async function run({ dashboard }, { args: [job = "", ...more], options, afterDashes }) {
  if (more.length > 0 || afterDashes.length === 0)
    throw new Refusal(
      EXIT.usage,
      "Expected a job, then -- and the program: unstuck exec nightly -- node scrape.mjs",
    );
  return execUnderLock({ dashboard, job, argv: afterDashes, wait: options.wait === true });
}
