import { EXIT, Refusal } from "../exit-codes.mjs";
import { newPassword, tellPassword } from "../new-password.mjs";

/**
 * @typedef {import("../../lib/contracts/account").UserView} UserView
 * @typedef {import("../new-password.mjs").UserCreated} UserCreated
 */

/** @type {import("../program.mjs").Verb} */
export async function run(context, { args: [name = ""], options }) {
  const { dashboard, screen } = context;
  const user = await userOf(context, name);
  const removes = options.removeSecondFactor === true && user.secondFactor;
  const body = await newPassword(context, user.name, options);
  /** @type {UserCreated} */
  const answer = await dashboard.call("PUT", `/api/v1/users/${user.id}/password`, { body });
  try {
    if (removes) {
      await dashboard.call("DELETE", `/api/v1/users/${user.id}/second-factor`);
      answer.user.secondFactor = false;
    }
  } finally {
    // Whatever became of the second factor: a password that was made up can be seen only here.
    if (screen.isJson) screen.json(answer);
    else {
      screen.print(`${user.name} has a new password, and all sessions of ${user.name} have ended.`);
      tellPassword(context, answer);
    }
  }
  if (!screen.isJson && options.removeSecondFactor)
    screen.print(removes ? "The second factor is removed." : `${user.name} had no second factor.`);
  return 0;
}

/**
 * The API knows users by id.
 * @param {import("../program.mjs").Context} context
 * @param {string} name in any case, as at the sign-in
 * @returns {Promise<UserView>}
 */
async function userOf({ dashboard }, name) {
  /** @type {{ items: UserView[] }} */
  const { items } = await dashboard.call("GET", "/api/v1/users");
  const user = items.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (user !== undefined) return user;
  throw new Refusal(
    EXIT.noJob,
    `There is no user "${name}". unstuck admin list lists those there are. Nothing was changed.`,
  );
}
