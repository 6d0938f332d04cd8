import { forgetToken } from "../token-store.mjs";
import { addressOf } from "../where.mjs";

/** @type {import("../program.mjs").Verb} */
export async function run({ screen }, { args: [text = ""] }) {
  const { origin } = addressOf(text);
  const forgotten = forgetToken(origin, process.env);
  if (screen.isJson) screen.json({ origin, forgotten });
  else if (forgotten) screen.print(`The token for ${origin} is removed from this machine.`);
  else screen.print(`No token is kept for ${origin}.`);
  if (forgotten) screen.note("It stays valid until it is revoked on the page Tokens.");
  return 0;
}
