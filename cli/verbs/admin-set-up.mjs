import { readFileSync } from "node:fs";
import { join } from "node:path";
import { EXIT, Refusal } from "../exit-codes.mjs";
import { holderOf } from "../where.mjs";

/** @type {import("../program.mjs").Verb} */
export async function run({ dashboard, screen }) {
  /** @type {import("../../lib/contracts/account").SessionAnswer} */
  const { setUp } = await dashboard.call("GET", "/api/v1/session");
  if (!setUp)
    throw new Refusal(
      EXIT.refused,
      "There are users already, so there is no set-up link any more. unstuck admin create NAME makes another admin; unstuck admin reset-password NAME gives a user a new password.",
    );
  const url = linkIn(dashboard.place);
  if (screen.isJson) screen.json({ url });
  else screen.print(url);
  return 0;
}

/** @param {import("../where.mjs").Place} place */
function linkIn({ dataDir, named }) {
  if (dataDir === null)
    throw new Refusal(
      EXIT.usage,
      `The set-up code is in the data folder of ${named}. On its host, as its user: unstuck admin set-up --data FOLDER.`,
    );
  const origin = holderOf(dataDir)?.origin;
  if (origin === undefined)
    throw new Refusal(
      EXIT.unreachable,
      `The address of the dashboard is not known: ${dataDir}/instance.lock.holder does not say it. Restart the dashboard.`,
    );
  return `${origin}/set-up#${codeIn(join(dataDir, "_set-up-code"))}`;
}

/** @param {string} file */
function codeIn(file) {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (isMissing)
      throw new Refusal(
        EXIT.refused,
        `There is no set-up code in ${file}. The dashboard writes it when it starts without users; with UNSTUCK_AUTH=off it needs none.`,
      );
    throw new Refusal(
      EXIT.notAllowed,
      `Expected to be the dashboard's own user: ${file} cannot be read. Use sudo -u.`,
    );
  }
}
