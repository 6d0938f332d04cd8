import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";

/**
 * Loaded into a server by `node --import`: how long its event loop was held up, in nanoseconds, is written to LOOP_DELAY_FILE
 * twice a second. Removing that file restarts the measurement. The product knows nothing of it.
 *
 * `max` is time that passed, so others who use the machine are in it. `maxCpu` is the processor time of the main thread between two
 * looks at most a few milliseconds apart: what the product itself has used in one go, on a busy machine too, without waits for the disk.
 */

const WRITE_EVERY_MS = 500;
const file = process.env.LOOP_DELAY_FILE;

if (file !== undefined) {
  // The file's name is for this process alone: a run must not inherit it.
  delete process.env.LOOP_DELAY_FILE;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  writeFileSync(file, "{}");
  let maxCpu = 0;
  let before = process.threadCpuUsage();
  setInterval(() => {
    const now = process.threadCpuUsage();
    maxCpu = Math.max(maxCpu, 1_000 * (now.user + now.system - before.user - before.system));
    before = now;
  }, 1).unref();
  setInterval(() => {
    if (!existsSync(file)) {
      delay.reset();
      maxCpu = 0;
    }
    const percentiles = {
      p50: delay.percentile(50),
      p99: delay.percentile(99),
      p999: delay.percentile(99.9),
    };
    writeFileSync(
      `${file}.new`,
      JSON.stringify({ ...percentiles, max: delay.max, maxCpu, samples: delay.count }),
    );
    renameSync(`${file}.new`, file);
  }, WRITE_EVERY_MS).unref();
  process.on("exit", () => rmSync(`${file}.new`, { force: true }));
}
