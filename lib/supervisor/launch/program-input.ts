import { closeSync, openSync } from "node:fs";

/**
 * What a run's program reads: nothing. Opened for appending, which no shell does, so that what a script starts in the background, and is given nothing
 * to read by its shell, can be told from what the script waits for.
 * @param start starts it with this descriptor, which is closed here afterwards
 */
export function withProgramInput<Started>(start: (input: number) => Started): Started {
  const input = openSync("/dev/null", "a+");
  try {
    return start(input);
  } finally {
    closeSync(input);
  }
}
