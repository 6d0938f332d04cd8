import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "pino";
import { isAppError } from "@/lib/domain/errors";
import { insist } from "@/lib/domain/insist";

/**
 * Tries until it is done, logging each failure as `event` with these fields.
 * @returns what `work` answers; null when the dashboard goes down first, and the next one goes on from what is written
 */
export function untilDone<Result>(
  { log, signal }: { readonly log: Logger; readonly signal: AbortSignal },
  event: string,
  fields: Readonly<Record<string, unknown>>,
  work: () => Promise<Result>,
): Promise<Result | null> {
  return insist(
    {
      signal,
      pause: (ms) => wait(ms, undefined, { signal }).catch(() => undefined),
      failed: (error, againInMs) =>
        log.error(
          { ...fields, code: isAppError(error) ? error.code : null, error: String(error), againInMs },
          event,
        ),
    },
    work,
  );
}
