import { setTimeout as wait } from "node:timers/promises";
import { insist as insistOn } from "@/lib/domain/insist";
import type { Duty } from "./duty";

/**
 * What has happened must be written down, however long the database is locked or the disk full: tried again until it works.
 * @returns what `write` answers; null when the dashboard goes down first, and the next one finds out for itself
 */
export function insist<Result>(
  { ports, abort: signal }: Pick<Duty, "ports" | "abort">,
  write: () => Promise<Result>,
): Promise<Result | null> {
  return insistOn(
    {
      signal,
      pause: (ms) => wait(ms, undefined, { signal }).catch(() => undefined),
      failed: (error, againInMs) => ports.log.error({ error: String(error), againInMs }, "write.failed"),
    },
    write,
  );
}
