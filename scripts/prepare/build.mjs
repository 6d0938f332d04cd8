import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fingerprint } from "./fingerprint.mjs";
import { run } from "./run.mjs";

const GENERATED_FROM = ["prisma/schema.prisma", "prisma.config.ts", "package-lock.json"];
const BUILT_FROM = [
  "api",
  "app",
  "components",
  "lib",
  "server",
  "public",
  "examples/shop",
  "prisma/schema.prisma",
  "instrumentation.ts",
  "instrumentation-client.ts",
  "next.config.mjs",
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
  const { file, wanted, fits } = generatedStamp(root);
  if (fits) return;
  say("Generating the database client …");
  const env = { ...process.env, PRISMA_HIDE_UPDATE_MESSAGE: "1", CHECKPOINT_DISABLE: "1" };
  await run(process.execPath, [join(root, "node_modules/prisma/build/index.js"), "generate"], {
    cwd: root,
    env,
    quiet: true,
  });
  writeFileSync(file, wanted);
}

/**
 * Whether Prisma's client is there and made from this schema.
 * @param {string} root
 */
export function isGenerated(root) {
  return generatedStamp(root).fits;
}

/**
 * Which build this environment asks for.
 * @returns {Build}
 */
export function wantedBuild() {
  return {
    distDir: process.env.UNSTUCK_DIST_DIR ?? ".next",
    testBuild: process.env.UNSTUCK_TEST_BUILD === "1",
  };
}

/**
 * Builds the application when its sources have changed.
 * @param {string} root
 * @param {(text: string) => void} say
 * @param {Build} build
 *
 * @typedef {{ distDir: string, testBuild: boolean }} Build `testBuild`: with the fault points of the torture tests
 */
export async function buildApp(root, say, build) {
  const { file, wanted, fits } = buildStamp(root, build);
  if (fits) return;
  say("Building the dashboard (its sources have changed; about half a minute) …");
  const env = {
    ...process.env,
    NODE_ENV: /** @type {const} */ ("production"),
    NEXT_TELEMETRY_DISABLED: "1",
    UNSTUCK_DIST_DIR: build.distDir,
    UNSTUCK_TEST_BUILD: build.testBuild ? "1" : "",
  };
  await run(process.execPath, [join(root, "node_modules/next/dist/bin/next"), "build"], {
    cwd: root,
    env,
    quiet: true,
  });
  writeFileSync(file, wanted);
}

/**
 * Whether the application is built from these sources, for this Node.
 * @param {string} root
 * @param {Build} build
 */
export function isBuilt(root, build) {
  return buildStamp(root, build).fits;
}

/** @param {string} root */
function generatedStamp(root) {
  return stamp(join(root, "lib/store/generated/.fingerprint"), fingerprint(root, GENERATED_FROM));
}

/**
 * @param {string} root
 * @param {Build} build
 */
function buildStamp(root, { distDir, testBuild }) {
  const wanted = fingerprint(root, BUILT_FROM, `${process.versions.modules} ${testBuild}`);
  return stamp(join(root, distDir, "unstuck-build"), wanted);
}

/**
 * @param {string} file
 * @param {string} wanted
 */
function stamp(file, wanted) {
  return { file, wanted, fits: existsSync(file) && readFileSync(file, "utf8") === wanted };
}
