import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const alias = { "@": import.meta.dirname };

/** Vitest would leave one core free, which on two cores is half of the machine. */
const CORES = availableParallelism();
/** For files that mostly wait: for a process to end, for the disk. With three on two cores a third of the machine stood idle. */
const MORE_THAN_CORES = CORES * 2;

/** What takes longest begins first, so that it does not run on alone when the rest is done. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(takesMinutes), ...sorted.filter((file) => !takesMinutes(file))];
  }
}

/** One of them waits for a Node to come from the registry. */
function takesMinutes({ project, moduleId }: TestSpecification): boolean {
  return project.name === "torture" || moduleId.endsWith("/old-node.processes.test.ts");
}

/** They start real processes, and mostly wait for them. */
const PROCESSES = "**/*.processes.test.ts";
/** Tests that lie beside what they test. */
const BESIDE = "{bench,lib,server,scripts,bootstrap,components,api,app,cli}/**";

/**
 * Six kinds of tests, from a function to the built server; `npm test` runs all, `npm run verify` the first. The times are hang
 * guards: a machine ten times slower than ours, and shared, must not run into one.
 *
 * The unit tests of one worker share their modules (`isolate: false`), which takes a quarter of the time, and so do the integration tests: a test that changes
 * something of a module, of `process` or of a global puts it back, and takes no helper that registers a hook when it is imported.
 */
export default defineConfig({
  resolve: { alias },
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          sequence: { groupOrder: 0 },
          include: [`${BESIDE}/*.test.{ts,tsx}`, "test/house/**/*.test.ts"],
          exclude: [PROCESSES],
          testTimeout: 60_000,
          pool: "forks",
          isolate: false,
          maxWorkers: CORES,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "processes",
          sequence: { groupOrder: 1 },
          include: [PROCESSES],
          testTimeout: 60_000,
          setupFiles: ["test/after-each.ts"],
          pool: "forks",
          maxWorkers: MORE_THAN_CORES,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "contract",
          sequence: { groupOrder: 1 },
          include: ["test/contract/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          setupFiles: ["test/after-each.ts"],
          pool: "forks",
          maxWorkers: MORE_THAN_CORES,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "examples",
          sequence: { groupOrder: 1 },
          include: ["examples/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          pool: "forks",
          maxWorkers: MORE_THAN_CORES,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "integration",
          sequence: { groupOrder: 1 },
          include: ["test/integration/**/*.test.ts"],
          testTimeout: 400_000,
          hookTimeout: 400_000,
          setupFiles: ["test/after-each.ts"],
          pool: "forks",
          isolate: false,
          maxWorkers: MORE_THAN_CORES,
          globalSetup: ["test/built.ts"],
        },
      },
      {
        resolve: { alias },
        test: {
          name: "torture",
          sequence: { groupOrder: 1 },
          include: ["test/torture/**/*.test.ts"],
          testTimeout: 900_000,
          hookTimeout: 400_000,
          setupFiles: ["test/after-each.ts"],
          pool: "forks",
          maxWorkers: MORE_THAN_CORES,
          globalSetup: ["test/built.ts"],
        },
      },
    ],
  },
});
