import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
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
  const stamp = join(root, "node_modules/.unstuck-install");
  const wanted = fingerprint(root, ["package.json", "package-lock.json"], process.versions.modules);
  const [print, scope] = existsSync(stamp) ? readFileSync(stamp, "utf8").split(" ") : [];
  if (print === wanted && (scope === "dev" || !dev)) return;
  // A start after a change of packages must not take a developer's tools away.
  const withTools = dev || scope === "dev" || existsSync(join(root, "node_modules/vitest"));
  say("Installing packages (first time, or package-lock.json has changed) …");
  const lock = readFileSync(join(root, "package-lock.json"), "utf8");
  const args = [
    "install",
    "--no-save",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    ...(withTools ? [] : ["--omit=dev"]),
  ];
  await run("npm", args, { cwd: root, env: installEnvironment(), quiet: true });
  if (readFileSync(join(root, "package-lock.json"), "utf8") !== lock) {
    throw new Error(
      "Installing changed package-lock.json, which it must not. Restore the file from git and try again.",
    );
  }
  writeFileSync(stamp, `${wanted} ${withTools ? "dev" : "app"}`);
}

/** better-sqlite3 compiles against Node's headers; official builds of Node carry them, so they need not be fetched. */
function installEnvironment() {
  const prefix = dirname(dirname(process.execPath));
  const headers = existsSync(join(prefix, "include/node/node.h"));
  const known = process.env.npm_config_nodedir !== undefined || !headers;
  return {
    ...process.env,
    ...(known ? {} : { npm_config_nodedir: prefix }),
    PRISMA_SKIP_POSTINSTALL_GENERATE: "1",
  };
}
