import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const alias = { "@": import.meta.dirname };

/** Vitest would leave one core free, which on two cores is half of the machine. */
const CORES = availableParallelism();
/** For files that mostly wait: for a process to end, for the disk. */
const MORE_THAN_CORES = Math.ceil(CORES * 1.5);

/**
 * Five kinds of tests, from a function to the built server; `npm test` runs all, `npm run verify` the first. The times are hang
 * guards: a machine ten times slower than ours, and shared, must not run into one.
 */
export default defineConfig({
  resolve: { alias },
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          include: [
            "{lib,server,scripts,bootstrap,components,app,cli}/**/*.test.{ts,tsx}",
            "test/house/**/*.test.ts",
          ],
          testTimeout: 60_000,
          maxWorkers: CORES,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "contract",
          include: ["test/contract/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          pool: "forks",
          maxWorkers: MORE_THAN_CORES,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "examples",
          include: ["examples/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          pool: "forks",
          maxWorkers: 1,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "integration",
          include: ["test/integration/**/*.test.ts"],
          testTimeout: 400_000,
          hookTimeout: 400_000,
          pool: "forks",
          maxWorkers: MORE_THAN_CORES,
          globalSetup: ["test/built.ts"],
        },
      },
      {
        resolve: { alias },
        test: {
          name: "torture",
          include: ["test/torture/**/*.test.ts"],
          testTimeout: 900_000,
          hookTimeout: 400_000,
          pool: "forks",
          maxWorkers: MORE_THAN_CORES,
          globalSetup: ["test/built.ts"],
        },
      },
    ],
  },
});
