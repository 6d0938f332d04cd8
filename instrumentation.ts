/** Called by server/core.mjs before Next is there, and then by Next; with hot reloading by Next only. */
export async function register() {
  // The file is compiled for the edge runtime too, where nothing of the supervisor exists.
  if (process.env.NEXT_RUNTIME === "nodejs") {
    const [{ answer }, { bringUp }] = await Promise.all([import("./api/answer"), import("./lib/boot")]);
    await bringUp(answer);
  }
}
