import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";

/**
 * Loaded into a server by `node --import`: how long its event loop was held up, in nanoseconds, is written to LOOP_DELAY_FILE
 * twice a second. Removing that file begins the measurement anew. The product knows nothing of it.
 */

const WRITE_EVERY_MS = 500;
const file = process.env.LOOP_DELAY_FILE;

if (file !== undefined) {
  // The file's name is for this process alone: a run must not inherit it.
  delete process.env.LOOP_DELAY_FILE;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  writeFileSync(file, "{}");
  setInterval(() => {
    if (!existsSync(file)) delay.reset();
    const percentiles = {
      p50: delay.percentile(50),
      p99: delay.percentile(99),
      p999: delay.percentile(99.9),
    };
    writeFileSync(`${file}.new`, JSON.stringify({ ...percentiles, max: delay.max, samples: delay.count }));
    renameSync(`${file}.new`, file);
  }, WRITE_EVERY_MS).unref();
  process.on("exit", () => rmSync(`${file}.new`, { force: true }));
}
