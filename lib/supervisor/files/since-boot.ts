import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunFiles } from "./run-files";

/**
 * Moments that outlive this process, on the clock that counts since the host's boot: unlike the wall clock it
 * cannot be set, and it stands still while the host sleeps. A later dashboard on the same host reads the same
 * clock.
 */
type Moment = "launched" | "stop-asked";

const LONGEST_STAMP = /^\d{1,15}\n$/;

/** Milliseconds for performance.now() arithmetic: the recorded moment; null when none was recorded. */
export function readMoment(files: RunFiles, moment: Moment): number | null {
  const file = join(files.folder, moment);
  // Mostly there is none, and an exception would cost more than the look.
  if (!existsSync(file)) return null;
  try {
    const text = readFileSync(file, "latin1");
    if (!LONGEST_STAMP.test(text)) return null;
    const agoMs = sinceBootMs() - Number(text);
    return agoMs < 0 ? null : performance.now() - agoMs;
  } catch {
    return null;
  }
}

/** Now, unless one is recorded already. Best effort: without it the time is counted from zero, or by the wall clock. Never rejects. */
export async function writeMoment(files: RunFiles, moment: Moment): Promise<void> {
  const now = `${Math.floor(sinceBootMs())}\n`;
  try {
    await writeFile(join(files.folder, moment), now, { mode: 0o600, flag: "wx" });
  } catch {
    // It stands already, or the disk is full.
  }
}

function sinceBootMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
