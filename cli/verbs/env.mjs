import { confirmed, declined, mayAsk } from "../ask.mjs";
import { EXIT, Refusal } from "../exit-codes.mjs";
import { jobPath } from "../paths.mjs";
import { reasonOf } from "./start.mjs";

/**
 * @typedef {import("../../lib/contracts/environment").EnvironmentView} EnvironmentView
 * @typedef {import("../../lib/contracts/environment").JobEnvironmentView} JobEnvironmentView
 * @typedef {import("../show/screen.mjs").Screen} Screen
 * @typedef {{ name: string, inDotEnv: boolean }} Missing
 */

const PATH = "/api/v1/environment";

/** @type {import("../program.mjs").Verb} */
export async function run(context, { args: [job], options }) {
  const { dashboard, screen } = context;
  if (job !== undefined && options.use !== undefined)
    throw new Refusal(EXIT.usage, "--use is for all jobs. Expected no job with it.");
  if (job !== undefined) {
    /** @type {JobEnvironmentView} */
    const answer = await dashboard.call("GET", jobPath(job, "/environment"));
    if (screen.isJson) screen.json(answer);
    else showJob(screen, answer);
    return 0;
  }
  /** @type {EnvironmentView} */
  const now = await dashboard.call("GET", PATH);
  if (options.use !== undefined) return change(context, now, options);
  if (screen.isJson) screen.json(now);
  else show(screen, now);
  return 0;
}

/**
 * @param {import("../program.mjs").Context} context
 * @param {EnvironmentView} now
 * @param {Record<string, any>} options
 */
async function change({ dashboard, screen }, now, options) {
  if (!screen.isJson) show(screen, now);
  if (options.auto !== true && now.use !== options.use) {
    if (!mayAsk())
      throw new Refusal(
        EXIT.usage,
        "Nothing was changed: this is not a terminal, so nothing can be confirmed. Add --auto.",
      );
    if (!(await confirmed(`Give runs the ${options.use} environment from their next start on?`)))
      throw declined();
  }
  /** @type {EnvironmentView} */
  const answer = await dashboard.call("PUT", PATH, { body: { use: options.use, ...reasonOf(options) } });
  if (screen.isJson) screen.json(answer);
  else screen.print(`\nRuns get the ${answer.use} environment. Active runs keep what they have.`);
  return 0;
}

const HIDDEN = { secret: "(secret)", credentials: "(not shown)", each_run: "(another one for each run)" };

/**
 * @param {Screen} screen
 * @param {JobEnvironmentView} answer
 */
function showJob(screen, { variables, missing }) {
  screen.table(
    [{ title: "NAME" }, { title: "FROM" }, { title: "VALUE", shrink: 10 }],
    variables.map(({ name, from, value, hidden }) => [name, from, hidden === null ? value : HIDDEN[hidden]]),
  );
  tellMissing(screen, missing);
}

/**
 * @param {Screen} screen
 * @param {EnvironmentView} environment
 */
function show(screen, { use, base, inherit, recorded, jobCount, missing }) {
  screen.pairs([
    ["Runs get", use === "short" ? "the short environment" : "the short environment and the recorded list"],
    ["Base", base.join(", ")],
    ["UNSTUCK_INHERIT", inherit.length === 0 ? "not set" : inherit.join(", ")],
  ]);
  if (recorded.length > 0) {
    screen.print(
      `\n${use === "recorded" ? "The short environment would take away:" : "The recorded list, not used any more:"}`,
    );
    screen.table(
      [{ title: "NAME" }, { title: "LOST BY" }, { title: "SET BY THE JOB ITSELF", shrink: 12 }],
      recorded.map(({ name, isSet, stays, losingCount, setBy }) => [
        name,
        lostBy({ isSet, stays, losingCount, jobCount }),
        setBy.length === 0 ? null : setBy.join(", "),
      ]),
    );
    const lost = use === "recorded" ? recorded.filter(({ losingCount }) => losingCount > 0) : [];
    const keepable = lost.filter(({ inDotEnv }) => !inDotEnv).map(({ name }) => name);
    const inFile = lost.filter(({ inDotEnv }) => inDotEnv).map(({ name }) => name);
    if (keepable.length > 0)
      screen.print(
        `\nTo keep some of them, restart the dashboard with UNSTUCK_INHERIT=${keepable.join(",")} first.`,
      );
    if (inFile.length > 0)
      screen.print(
        `\nOnly .env sets ${inFile.join(", ")}: to keep them, set them in the jobs, or where the dashboard is started.`,
      );
  }
  tellMissing(screen, missing);
}

/** @param {{ isSet: boolean, stays: boolean, losingCount: number, jobCount: number }} counted */
function lostBy({ isSet, stays, losingCount, jobCount }) {
  if (!isSet) return "none: it has no value here";
  if (stays) return "none: it stays";
  return `${losingCount} of ${jobCount} jobs`;
}

/**
 * @param {Screen} screen
 * @param {readonly Missing[]} missing
 */
function tellMissing(screen, missing) {
  for (const { name, inDotEnv } of missing)
    screen.print(
      `\n${name} is to be passed on and has no value ${inDotEnv ? "but in .env, which is not for runs: set it where the dashboard is started, or in the job" : "where the dashboard was started"}.`,
    );
}
