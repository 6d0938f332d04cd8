import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { run } from "./run.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/**
 * A Chromium for the browser tests: the one named by CHROMIUM, one on PATH, else Debian's (as root), else Playwright's own.
 * @param {string} root
 * @param {(text: string) => void} say
 * @returns {Promise<string | null>} its path; null: Playwright knows where its own is
 */
export async function findChromium(root, say) {
  const found = process.env.CHROMIUM ?? onPath();
  if (found) return found;
  if (process.getuid?.() === 0 && (await installDebianPackages(["chromium"], say))) {
    const installed = onPath();
    if (installed !== null) return installed;
  }
  say("No Chromium found; installing Playwright's own …");
  await run(process.execPath, [join(root, "node_modules/@playwright/test/cli.js"), "install", "chromium"], {
    cwd: root,
  });
  return null;
}

/**
 * @param {readonly string[]} packages
 * @param {(text: string) => void} say
 * @returns {Promise<boolean>} false where there is no apt, or it failed
 */
export async function installDebianPackages(packages, say) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const options = { cwd: "/", env, quiet: true };
  try {
    say(`Installing Debian's ${packages.join(", ")} …`);
    await run("apt-get", ["update"], options);
    await run("apt-get", ["install", "-y", "--no-install-recommends", ...packages], options);
    return true;
  } catch (error) {
    say(
      `apt-get could not install ${packages.join(", ")}: ${error instanceof Error ? error.message.split("\n")[0] : error}`,
    );
    return false;
  }
}

/** @returns {string | null} */
function onPath() {
  const folders = (process.env.PATH ?? "").split(":").filter((folder) => folder !== "");
  for (const name of NAMES) {
    for (const folder of folders) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not here; look on.
      }
    }
  }
  return null;
}
