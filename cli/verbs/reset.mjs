import { jobPath } from "../paths.mjs";
import { reasonOf } from "./start.mjs";

/** @type {import("../program.mjs").Verb} */
export async function run({ dashboard, screen }, { args: [job = ""], options }) {
  const body = { ...(options.force ? { force: true } : {}), ...reasonOf(options) };
  /** @type {import("../../lib/contracts/actions").ResetAnswer} */
  const answer = await dashboard.call("POST", jobPath(job, "/reset"), { body });
  if (screen.isJson) screen.json(answer);
  else screen.print(answer.detail);
  return 0;
}
