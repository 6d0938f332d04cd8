import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execute } from "../programs.mjs";

export const PM2_VERSION = "7.0.4";
const INSTALL_LIMIT_MS = 300_000;

/**
 * The PM2 that PM2_DIR has in its node_modules, or one that is installed for this bench and goes with its folder.
 * @param {string} folder
 * @returns {Promise<{ module: string, version: string }>}
 * @throws Error when npm cannot install it
 */
export async function findPm2(folder) {
  const place = process.env.PM2_DIR ?? (await install(join(folder, "pm2")));
  const module = join(place, "node_modules/pm2");
  const { version } = JSON.parse(readFileSync(join(module, "package.json"), "utf8"));
  return { module, version };
}

/** @param {string} place */
async function install(place) {
  if (existsSync(join(place, "node_modules/pm2"))) return place;
  mkdirSync(place, { recursive: true });
  console.error(`Installing PM2 ${PM2_VERSION} for this bench …`);
  const options = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", "--save-exact"];
  const { code, output } = await execute(
    "npm",
    ["install", "--prefix", place, ...options, `pm2@${PM2_VERSION}`],
    {
      cwd: place,
      timeout: INSTALL_LIMIT_MS,
    },
  );
  if (code !== 0) throw new Error(output.trim().slice(-300));
  return place;
}
