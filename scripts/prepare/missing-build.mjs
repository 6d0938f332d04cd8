import { isBuilt, isGenerated, wantedBuild } from "./build.mjs";
import { isInstalled } from "./install.mjs";

/**
 * What a server that may not write here would lack: one sentence that says what to run, or null. An old build counts as missing,
 * because the part that is not built (server/, scripts/) would not fit it.
 * @param {string} root
 * @returns {string | null}
 */
export function missingBuild(root) {
  if (!isInstalled(root, { dev: false }))
    return sentence("The packages of package-lock.json are not installed");
  if (!isGenerated(root)) return sentence("The database client does not fit prisma/schema.prisma");
  if (!isBuilt(root, wantedBuild()))
    return sentence("The dashboard is not built yet, or from other sources or for another Node");
  return null;
}

/** @param {string} what */
function sentence(what) {
  return `${what}: run "npm run build" in the project's folder, then this again.`;
}
