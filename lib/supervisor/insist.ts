import { setTimeout as wait } from "node:timers/promises";
import type { Duty } from "./duty";

const AGAIN_EVERY_MS = 1_000;

/**
 * What has happened must be written down, however long the database is locked or the disk full: tried again until it works.
 * @returns what `write` answers; null when the dashboard goes down first, and the next one finds out for itself
 */
export async function insist<Result>(
  duty: Pick<Duty, "ports" | "abort">,
  write: () => Promise<Result>,
): Promise<Result | null> {
  while (!duty.abort.aborted) {
    try {
      return await write();
    } catch (error) {
      duty.ports.log.error({ error: String(error) }, "write.failed");
    }
    await wait(AGAIN_EVERY_MS);
  }
  return null;
}
