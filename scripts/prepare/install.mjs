import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fingerprint } from "./fingerprint.mjs";
import { run } from "./run.mjs";

/**
 * Installs the packages package-lock.json names, if they are not there already. `npm install --no-save`, not `npm ci`: where
 * a registry lacks other platforms' optional binaries, npm leaves them out of the lock and `npm ci` then calls it incomplete
 * (docs/decisions/0004-npm-install.md). The lock is compared before and after, so nothing drifts unseen.
 *
 * @param {string} root
 * @param {{ dev: boolean, say: (text: string) => void }} options `dev`: also what only tests and checks need
 */
export async function installPackages(root, { dev, say }) {
  const { stamp, wanted, scope } = installed(root);
  if (isInstalled(root, { dev })) return;
  // A start after a change of packages must not take a developer's tools away.
  const withTools = dev || scope === "dev" || existsSync(join(root, "node_modules/vitest"));
  say("Installing packages (first time, or package-lock.json has changed) …");
  const lock = readFileSync(join(root, "package-lock.json"), "utf8");
  const args = [
    "install",
    "--no-save",
    "--no-audit",
    "--no-fund",
    // Whatever is native comes with its binary in the package; no script compiles or downloads.
    "--ignore-scripts",
    "--loglevel=error",
    ...(withTools ? [] : ["--omit=dev"]),
  ];
  await run("npm", args, { cwd: root, quiet: true });
  if (readFileSync(join(root, "package-lock.json"), "utf8") !== lock) {
    throw new Error(
      "Installing changed package-lock.json, which it must not. Restore the file from git and try again.",
    );
  }
  // Renamed into place: written in place it would change in every copy of node_modules made with hard links.
  writeFileSync(`${stamp}.new`, `${wanted} ${withTools ? "dev" : "app"}`);
  renameSync(`${stamp}.new`, stamp);
}

/**
 * Whether what package-lock.json names is there.
 * @param {string} root
 * @param {{ dev: boolean }} options
 */
export function isInstalled(root, { dev }) {
  const { print, wanted, scope } = installed(root);
  return print === wanted && (scope === "dev" || !dev);
}

/** @param {string} root */
function installed(root) {
  const stamp = join(root, "node_modules/.unstuck-install");
  const [print, scope] = existsSync(stamp) ? readFileSync(stamp, "utf8").split(" ") : [];
  return { stamp, print, scope, wanted: fingerprint(root, ["package.json", "package-lock.json"]) };
}

/**
 * For a command that can do nothing without them: what went wrong is its last word.
 * @param {string} root
 * @param {{ dev: boolean }} options
 */
export async function installOrExplain(root, { dev }) {
  try {
    await installPackages(root, { dev, say: console.log });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
