import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { join } from "node:path";
import { run } from "./run.mjs";

/** In the order in which they are looked for. */
export const CHROMIUM_NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/**
 * What tests would be skipped without, and Debian has.
 * @type {readonly { name: string, kinds: readonly string[], isThere: () => boolean }[]}
 */
const PACKAGES = [
  {
    name: "busybox-static",
    kinds: ["processes"],
    isThere: () => onPath(["busybox"]) !== null,
  },
  {
    // A file system whose server can be stopped: the tests of mounts that do not answer.
    name: "bindfs",
    kinds: ["processes", "integration", "torture"],
    isThere: () => onPath(["bindfs"]) !== null,
  },
  {
    // Counts what a start and a stop ask of the system.
    name: "strace",
    kinds: ["integration"],
    isThere: () => onPath(["strace"]) !== null,
  },
  // What people put in front of their programs.
  ...["tini", "dumb-init"].map((name) => ({
    name,
    kinds: ["processes"],
    isThere: () => onPath([name]) !== null,
  })),
  {
    // A daemon that knows how to end. The package redis-server has the same program under its own name, and starts a service.
    name: "redis-tools",
    kinds: ["processes"],
    isThere: () => onPath(["redis-server", "redis-check-rdb"]) !== null,
  },
  {
    name: "chromium",
    kinds: ["processes"],
    isThere: () => Boolean(process.env.CHROMIUM) || onPath(CHROMIUM_NAMES) !== null,
  },
  {
    name: "xvfb",
    kinds: ["processes"],
    isThere: () => onPath(["xvfb-run"]) !== null && onPath(["xauth"]) !== null,
  },
  {
    name: "xauth",
    kinds: ["processes"],
    isThere: () => onPath(["xauth"]) !== null,
  },
  {
    name: "python3-scrapy",
    kinds: ["processes", "examples", "integration"],
    isThere: () =>
      ["python3", "/usr/bin/python3"].some(
        (python) => spawnSync(python, ["-c", "import scrapy"]).status === 0,
      ),
  },
];

/**
 * Installs it, as root on Debian; elsewhere these tests are skipped and say so.
 * @param {readonly string[]} kinds of tests that are going to run
 * @param {(text: string) => void} say
 */
export async function wantDebianPackages(kinds, say) {
  const missing = PACKAGES.filter(
    (each) => kinds.some((kind) => each.kinds.includes(kind)) && !each.isThere(),
  );
  if (missing.length === 0) return;
  const names = missing.map((each) => each.name);
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) await installDebianPackages(names, say);
  else say(`Tests that need ${names.join(", ")} are skipped; as root on Debian they would be installed.`);
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

/**
 * @param {readonly string[]} names of a program, the preferred first
 * @returns {string | null} its path
 */
export function onPath(names) {
  const folders = (process.env.PATH ?? "").split(":").filter((folder) => folder !== "");
  for (const name of names) {
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
