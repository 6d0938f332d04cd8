import { confirmed, declined, mayAsk } from "../ask.mjs";
import { EXIT, Refusal } from "../exit-codes.mjs";
import { scheduleOf, schedulePath, whenText } from "../schedules.mjs";

/** @type {import("../program.mjs").Verb} */
export async function run(context, { args: [id = ""], options }) {
  const { dashboard, screen } = context;
  const found = await scheduleOf(context, id);
  if (options.auto !== true) {
    if (screen.isJson || !mayAsk())
      throw new Refusal(
        EXIT.usage,
        "Cannot ask for confirmation here: this is not a terminal. Use --auto to delete it.",
      );
    screen.print(`${found.id} starts ${found.job}: ${whenText(found)}.`);
    if (!(await confirmed("Delete it and the record of its times?"))) throw declined();
  }
  await dashboard.call("DELETE", schedulePath(found));
  // The API answers nothing: what is gone is more use to a script.
  if (screen.isJson) screen.json(found);
  else screen.print(`${found.id} was deleted. The runs it has started stay.`);
  return 0;
}
