import { join } from "node:path";
import { CHROMIUM_NAMES, installDebianPackages, onPath } from "./debian.mjs";
import { run } from "./run.mjs";

/**
 * A Chromium for the browser tests: the one named by CHROMIUM, one on PATH, else Debian's (as root), else Playwright's own.
 * @param {string} root
 * @param {(text: string) => void} say
 * @returns {Promise<string | null>} its path; null: Playwright knows where its own is
 */
export async function findChromium(root, say) {
  const found = process.env.CHROMIUM ?? onPath(CHROMIUM_NAMES);
  if (found) return found;
  if (process.getuid?.() === 0 && (await installDebianPackages(["chromium"], say))) {
    const installed = onPath(CHROMIUM_NAMES);
    if (installed !== null) return installed;
  }
  say("No Chromium found; installing Playwright's own …");
  await run(process.execPath, [join(root, "node_modules/@playwright/test/cli.js"), "install", "chromium"], {
    cwd: root,
  });
  return null;
}
