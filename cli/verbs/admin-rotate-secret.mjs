/** @type {import("../program.mjs").Verb} */
export async function run({ dashboard, screen }) {
  /** @type {{ sealed: number }} */
  const answer = await dashboard.call("POST", "/api/v1/secret-key/rotate");
  if (screen.isJson) screen.json(answer);
  else
    screen.print(
      `Another key is in use, and ${counted(answer.sealed)} sealed with it. The old key is gone: back up the new one, apart from the database.`,
    );
  return 0;
}

/** @param {number} count */
function counted(count) {
  return count === 1 ? "one secret was" : `${count} secrets were`;
}
