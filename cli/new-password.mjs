import { mayAsk, piped, typedUnseen } from "./ask.mjs";

/** @typedef {import("zod").infer<typeof import("../lib/contracts/account").UserCreated>} UserCreated */

/**
 * The part of a request that has a password: typed twice in a terminal, or from standard input. Without it the dashboard makes one up.
 * @param {import("./program.mjs").Context} context
 * @param {string} name whose it is
 * @param {Record<string, any>} options
 * @returns {Promise<{ password?: string }>}
 */
export async function newPassword({ screen }, name, { passwordStdin }) {
  if (passwordStdin) return { password: await piped("--password-stdin") };
  if (screen.isJson || !mayAsk()) return {};
  for (;;) {
    const password = await typedUnseen(`Password for ${name}:`);
    if ((await typedUnseen("The same again:")) === password) return { password };
    screen.note("The two differ. Type both again.");
  }
}

/**
 * @param {import("./program.mjs").Context} context
 * @param {UserCreated} created
 */
export function tellPassword({ screen }, { user, password }) {
  if (password !== null) screen.print(`Password: ${password}\nIt is shown only this once.`);
  if (user.mustChange) screen.print(`${user.name} chooses another one at the next sign-in.`);
}
