/**
 * Plain JavaScript: to read a config in TypeScript, Next 16.4 loads its compiler into the running server (4 % of a start, 6 MB).
 * `preloadEntriesOnStart` stays on, though it is a sixth of a start: after a new build below a running dashboard, its Stop must
 * still work until it is restarted.
 * @type {import("next").NextConfig}
 */
const config = {
  // Native or WASM packages that must be loaded by Node itself, not bundled.
  serverExternalPackages: [
    "better-sqlite3",
    "@prisma/adapter-better-sqlite3",
    "@prisma/schema-engine-wasm",
    "pino",
  ],
  // Tests and benchmarks build beside a running dashboard without disturbing it.
  distDir: process.env.UNSTUCK_DIST_DIR ?? ".next",
  poweredByHeader: false,
  reactStrictMode: true,
  agentRules: false,
  // Types are the gate's business (npm run verify); a user's first start need not wait for them.
  typescript: { ignoreBuildErrors: true },
  // Fault points for the torture tests exist in test builds only: elsewhere the constant is "" and the code is dropped.
  env: { UNSTUCK_TEST_BUILD: process.env.UNSTUCK_TEST_BUILD ?? "" },
};

export default config;
