/** @type {import("../program.mjs").Verb} */
export async function run({ dashboard, screen }, { args: [id = ""] }) {
  await dashboard.call("DELETE", `/api/v1/holds/${encodeURIComponent(id)}`);
  // The API answers nothing: the id of what is gone is more use to a script.
  if (screen.isJson) screen.json({ id });
  else screen.print(`${id} was released.`);
  return 0;
}
