import { dirname } from "node:path";
import { lastWordsIn } from "@/lib/domain/last-words";
import { valuesToHide } from "../launch/run-secrets";
import type { SupervisorPorts } from "../watch/ports";
import type { Watched } from "../watch/watched";

/** Errors come last, and every line is looked at. */
const LOOKED_AT = 64 * 1024;

/**
 * What a run's log said last that looks like an error, without the values of its job's secrets. null: nothing, or the secrets cannot be
 * read now, so that one of them might be shown. Never throws.
 */
export async function lastWordsOf(
  ports: SupervisorPorts,
  watched: Watched,
  tail: string,
): Promise<string | null> {
  const { run } = watched;
  // A terminal's own program: its output is not in the log.
  if (tail === "" || run.spec.byHand !== null) return null;
  try {
    const values = await valuesToHide(ports, watched);
    return lastWordsIn(withoutLauncher(tail.slice(-LOOKED_AT), ports.paths.launcher), values);
  } catch (error) {
    ports.log.warn({ runId: run.id, error: String(error) }, "run.last_words_unread");
    return null;
  }
}

/** Where a program cannot be run, a shell says so by its script, its line and "exec", which are ours and tell a reader nothing. */
function withoutLauncher(text: string, launcher: string): string {
  const before = `${dirname(launcher)}/launcher`;
  const [first = "", ...rest] = text.split(before);
  return [
    first,
    ...rest.map((part) => part.replace(/^[\w.-]*\.sh: (?:line )?\d+: (?:exec: (?:line \d+: )?)?/, "")),
  ].join("");
}
