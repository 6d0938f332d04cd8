import { Dashboard } from "../api.mjs";
import { mayAsk, piped, typedUnseen } from "../ask.mjs";
import { EXIT, Refusal } from "../exit-codes.mjs";
import { accessText } from "../show/access.mjs";
import { keepToken } from "../token-store.mjs";
import { addressOf, isPlain } from "../where.mjs";

/** @typedef {import("../../lib/contracts/account").SessionAnswer} SessionAnswer */

/** @type {import("../program.mjs").Verb} */
export async function run({ screen }, { args: [text = ""], options }) {
  const { url, origin } = addressOf(text);
  if (isPlain(url))
    console.error(
      `unstuck: ${origin} is not encrypted: the token can be read on the way. Use https, or an SSH tunnel.`,
    );
  const token = await tokenFrom(origin, options);
  // By that address alone, whatever else leads to the dashboard: it is what the token is kept for.
  const dashboard = new Dashboard({ doors: [{ url }], dataDir: null, named: origin }, token);
  /** @type {SessionAnswer} */
  const answer = await dashboard.call("GET", "/api/v1/session", { nothing: "Nothing was kept." });
  const me = checked(answer, origin);
  const file = keepToken(origin, token, process.env);
  if (screen.isJson) screen.json(answer);
  else screen.print(`You are ${me.name} (${accessText(me)}) at ${origin}. The token is in ${file}.`);
  return 0;
}

/**
 * @param {string} origin
 * @param {Record<string, any>} options
 */
async function tokenFrom(origin, { tokenStdin, json }) {
  if (!tokenStdin && (json || !mayAsk()))
    throw new Refusal(
      EXIT.usage,
      `Cannot ask for the token ${json ? "with --json" : "here: this is not a terminal"}. Use --token-stdin.`,
    );
  const typed = tokenStdin ? await piped("--token-stdin") : await typedUnseen(`Token for ${origin}:`);
  const token = typed.trim();
  if (/^unstuck_[\w-]+$/.test(token)) return token;
  throw new Refusal(
    EXIT.usage,
    "Expected a token as the page Tokens shows it once (unstuck_…), found something else. Nothing was sent.",
  );
}

/**
 * @param {SessionAnswer} answer
 * @param {string} origin
 */
function checked({ me }, origin) {
  if (me === null)
    throw new Refusal(
      EXIT.notAllowed,
      `${origin} does not accept this token: it is unknown, revoked or expired. Nothing was kept.`,
    );
  if (me?.via === "token") return me;
  throw new Refusal(
    EXIT.refused,
    me?.via === "open"
      ? `${origin} asks for no token: its accounts are switched off (UNSTUCK_AUTH=off). Nothing was kept.`
      : `${origin} did not answer as Unstuck does. Nothing was kept.`,
  );
}
