import { PHASE_DEVELOPMENT_SERVER } from "next/constants.js";

/**
 * Plain JavaScript: to read a config in TypeScript, Next 16.4 loads its compiler into the running server (4 % of a start, 6 MB).
 * `preloadEntriesOnStart` stays on: after a new build below a running dashboard, its pages still work until it is restarted.
 * @param {string} phase
 * @returns {import("next").NextConfig}
 */
const configOf = (phase) => ({
  // The API is answered in front of Next, by server/front.mjs; app/api/ is for hot reloading only.
  pageExtensions: phase === PHASE_DEVELOPMENT_SERVER ? ["tsx", "ts", "dev.ts"] : ["tsx", "ts"],
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
});

export default configOf;
