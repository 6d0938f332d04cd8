import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fingerprint } from "./fingerprint.mjs";
import { run } from "./run.mjs";

const GENERATED_FROM = ["prisma/schema.prisma", "prisma.config.ts", "package-lock.json"];
const BUILT_FROM = [
  "app",
  "components",
  "lib",
  "server",
  "public",
  "examples/shop",
  "prisma/schema.prisma",
  "instrumentation.ts",
  "instrumentation-client.ts",
  "next.config.ts",
  "postcss.config.mjs",
  "tsconfig.json",
  "package.json",
  "package-lock.json",
];

/**
 * Generates Prisma's client when the schema has changed.
 * @param {string} root
 * @param {(text: string) => void} say
 */
export async function generateClient(root, say) {
  const stamp = join(root, "lib/store/generated/.fingerprint");
  const wanted = fingerprint(root, GENERATED_FROM);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  say("Generating the database client …");
  const env = { ...process.env, PRISMA_HIDE_UPDATE_MESSAGE: "1", CHECKPOINT_DISABLE: "1" };
  await run(process.execPath, [join(root, "node_modules/prisma/build/index.js"), "generate"], {
    cwd: root,
    env,
    quiet: true,
  });
  writeFileSync(stamp, wanted);
}

/**
 * Builds the application when its sources have changed.
 * @param {string} root
 * @param {(text: string) => void} say
 * @param {{ distDir: string, testBuild: boolean }} options
 */
export async function buildApp(root, say, { distDir, testBuild }) {
  const stamp = join(root, distDir, "unstuck-build");
  const wanted = fingerprint(root, BUILT_FROM, `${process.versions.modules} ${testBuild}`);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  say("Building the dashboard (its sources have changed; about half a minute) …");
  const env = {
    ...process.env,
    NODE_ENV: /** @type {const} */ ("production"),
    NEXT_TELEMETRY_DISABLED: "1",
    UNSTUCK_DIST_DIR: distDir,
    UNSTUCK_TEST_BUILD: testBuild ? "1" : "",
  };
  await run(process.execPath, [join(root, "node_modules/next/dist/bin/next"), "build"], {
    cwd: root,
    env,
    quiet: true,
  });
  writeFileSync(stamp, wanted);
}
