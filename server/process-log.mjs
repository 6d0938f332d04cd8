import pino from "pino";
import { slot } from "../lib/slot.mjs";

/**
 * The log of this process, one JSON line an event, on standard output. lib/boot.ts takes it over and sets its level.
 *
 * A log that cannot be written is not worth dying for: the disk it goes to is full, or the terminal or pipe is gone. Without a
 * listener either would be an uncaught exception, and those end the dashboard (server/crash-policy.mjs).
 */
export function openProcessLog() {
  const destination = pino.destination({ fd: 1, sync: true });
  destination.on("error", ignore);
  process.stdout.on("error", ignore);
  process.stderr.on("error", ignore);
  const log = pino(destination);
  slot().log = log;
  return log;
}

function ignore() {}
