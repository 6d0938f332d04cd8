export async function register() {
  // The file is compiled for the edge runtime too, where nothing of the supervisor exists.
  if (process.env.NEXT_RUNTIME === "nodejs") {
    const { boot } = await import("./lib/boot");
    await boot();
  }
}
