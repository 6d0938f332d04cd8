import { newPassword, tellPassword } from "../new-password.mjs";
import { accessText } from "../show/access.mjs";

/** @type {import("../program.mjs").Verb} */
export async function run(context, { args: [name = ""], options }) {
  const { dashboard, screen } = context;
  const body = { name, ...accessOf(options), ...(await newPassword(context, name, options)) };
  /** @type {import("../new-password.mjs").UserCreated} */
  const answer = await dashboard.call("POST", "/api/v1/users", { body });
  if (screen.isJson) screen.json(answer);
  else {
    screen.print(`Created ${answer.user.name} (${accessText(answer.user)}).`);
    tellPassword(context, answer);
  }
  return 0;
}

/**
 * Who is given some jobs only is not an admin of all unless that is said, too.
 * @param {Record<string, any>} options
 */
export function accessOf({ role, grant: grants }) {
  return { role: role ?? (grants.length > 0 ? null : "admin"), grants };
}
