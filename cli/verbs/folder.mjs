import { confirmed, declined, mayAsk } from "../ask.mjs";
import { EXIT, Refusal } from "../exit-codes.mjs";
import { reasonOf } from "./start.mjs";

/**
 * @typedef {import("../../lib/contracts/folder").FolderView} FolderView
 * @typedef {import("../program.mjs").Context} Context
 */

const PATH = "/api/v1/folder";

/** @type {import("../program.mjs").Verb} */
export async function run(context, { options }) {
  const { dashboard, screen } = context;
  /** @type {FolderView} */
  const found = await dashboard.call("GET", PATH);
  if (options.confirm !== true) {
    if (screen.isJson) screen.json(found);
    else show(context, found);
    return found.state === "live" ? 0 : EXIT.notWell;
  }
  if (!options.auto && found.state !== "live") await ask(context, found);
  /** @type {FolderView} */
  const answer = await dashboard.call("POST", `${PATH}/confirm`, { body: reasonOf(options) });
  if (screen.isJson) screen.json(answer);
  else
    screen.print(
      found.state === "live"
        ? `${answer.path} is the live data folder already.`
        : `${answer.path} is the live data folder from now on.`,
    );
  return 0;
}

/**
 * @param {Context} context
 * @param {FolderView} found
 */
async function ask(context, found) {
  if (context.screen.isJson || !mayAsk())
    throw new Refusal(
      EXIT.usage,
      "Cannot ask for confirmation here: this is not a terminal. Use --auto to confirm without a question.",
    );
  show(context, found);
  if (!(await confirmed("Is this the live data folder, and does no other dashboard use the original?")))
    throw declined();
}

/**
 * @param {Context} context
 * @param {FolderView} folder
 */
function show({ screen }, { path, unconfirmed }) {
  if (unconfirmed === null) return screen.print(`${path} is the live data folder.`);
  const { queued, active, elsewhere } = unconfirmed.heldBack;
  screen.print(`${path} may not be the live data folder.`);
  screen.print(unconfirmed.sentence);
  screen.print(
    `Held back: ${queued} queued, ${active} active (of those ${elsewhere} alive under another data folder).`,
  );
  screen.print(
    "Nothing is started, stopped or signalled. unstuck folder --confirm says that it is the live one.",
  );
}
