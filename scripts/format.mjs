import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureNode } from "../bootstrap/ensure-node.mjs";
import { installOrExplain } from "./prepare/install.mjs";

/** `npm run format`: formats and fixes what Biome can fix. */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
await ensureNode();
await installOrExplain(root, { dev: true });
const args = [join(root, "node_modules/.bin/biome"), "check", "--write", ".", ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
process.exit(status ?? 1);
