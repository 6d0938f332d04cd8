import { cpSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
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
  await run("npm", args, { cwd: root, env: installEnvironment(root), quiet: true });
  await makeNativeLoadable(root, say);
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
 * better-sqlite3 is native: what another Node compiled does not load here, and npm leaves it as it is. It is tried, compiled
 * again if need be, and tried again, so that the database is not the place where this comes out.
 * @param {string} root
 * @param {(text: string) => void} say
 */
async function makeNativeLoadable(root, say) {
  if (!existsSync(join(root, "node_modules/better-sqlite3"))) return;
  const load = () =>
    run(process.execPath, ["-e", "new (require('better-sqlite3'))(':memory:')"], { cwd: root, quiet: true });
  try {
    await load();
  } catch {
    say(`Compiling better-sqlite3 for Node ${process.versions.node} …`);
    await run("npm", ["rebuild", "better-sqlite3", "--loglevel=error"], {
      cwd: root,
      env: installEnvironment(root),
      quiet: true,
    });
    await load();
  }
}

/**
 * Native packages compile against Node's headers. Official builds of Node carry them, so they need not be fetched; and headers
 * of another Node, which a configuration may name, would make a module this one cannot load.
 * @param {string} root
 */
function installEnvironment(root) {
  const configured = process.env.npm_config_nodedir;
  const own = dirname(dirname(process.execPath));
  const fitting = [configured, own].find((folder) => folder !== undefined && headersFit(folder));
  const env = { ...process.env, PRISMA_SKIP_POSTINSTALL_GENERATE: "1" };
  return fitting === undefined ? env : { ...env, npm_config_nodedir: safeHeaders(root, fitting) };
}

/**
 * Late Node 24 made ObjectWrap, which better-sqlite3 is built on, remove a clean-up hook in its destructor. The collector may
 * run that destructor while no environment is entered, and Node then aborts the process. Where the headers have it, a copy
 * without it is compiled against.
 * @param {string} root
 * @param {string} folder
 */
function safeHeaders(root, folder) {
  const header = "include/node/node_object_wrap.h";
  const text = existsSync(join(folder, header)) ? readFileSync(join(folder, header), "utf8") : "";
  const calm = text.replaceAll(/^.*EnvironmentCleanupHook\(.*$/gm, "");
  if (calm === text) return folder;
  const copy = join(root, "node_modules/.unstuck-headers");
  cpSync(join(folder, "include/node"), join(copy, "include/node"), { recursive: true });
  writeFileSync(join(copy, header), calm);
  return copy;
}

/** @param {string} folder */
function headersFit(folder) {
  const header = join(folder, "include/node/node_version.h");
  if (!existsSync(header)) return false;
  const version = /#define NODE_MODULE_VERSION (\d+)/.exec(readFileSync(header, "utf8"))?.[1];
  return version === process.versions.modules;
}
