import { accessText } from "../show/access.mjs";
import { ago } from "../show/times.mjs";

/** @typedef {import("../../lib/contracts/account").UserView} UserView */

/** @type {import("../program.mjs").Verb} */
export async function run({ dashboard, screen }) {
  /** @type {{ items: UserView[] }} */
  const answer = await dashboard.call("GET", "/api/v1/users");
  if (screen.isJson) screen.json(answer);
  else if (answer.items.length === 0)
    screen.print("There are no users yet. unstuck admin set-up prints the link that makes the first.");
  else show(screen, answer.items);
  return 0;
}

/**
 * @param {import("../show/screen.mjs").Screen} screen
 * @param {UserView[]} users
 */
function show(screen, users) {
  const now = Date.now();
  screen.table(
    [
      { title: "NAME", shrink: 20 },
      { title: "2ND FACTOR" },
      { title: "LAST SIGN-IN", align: "right" },
      { title: "STATE" },
      { title: "ROLE", shrink: 12, wrap: true },
    ],
    users.map((user) => [
      user.name,
      user.secondFactor ? "yes" : "no",
      user.lastSignInAt === null ? "never" : ago(user.lastSignInAt, now),
      stateOf(user),
      accessText(user),
    ]),
  );
}

/** @param {UserView} user */
function stateOf({ disabled, hasPassword, mustChange }) {
  if (disabled) return "disabled";
  if (!hasPassword) return "no password";
  return mustChange ? "temporary password" : "active";
}
