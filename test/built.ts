import { buildApp, generateClient } from "../scripts/prepare/build.mjs";

export const TEST_DIST_DIR = ".next-test";

/** Builds what the tests run against: the real application, with the fault points the torture tests need. */
export async function setup(): Promise<void> {
  const root = process.cwd();
  await generateClient(root, console.log);
  await buildApp(root, console.log, { distDir: TEST_DIST_DIR, testBuild: true });
}
