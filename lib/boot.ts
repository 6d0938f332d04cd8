export async function boot() { console.log("BOOT", process.pid); }
