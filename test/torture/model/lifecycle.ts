import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EventRow } from "./database";
import { demand } from "./violation";

/** The arrows as docs/lifecycle.md promises them to readers; `lib/domain/lifecycle.test.ts` compares that page with the code. */
const ARROWS = arrowsOf(readFileSync(join(import.meta.dirname, "../../../docs/lifecycle.md"), "utf8"));
const STATE_EVENTS = new Set([...ARROWS].map((arrow) => arrow.split(" ")[1]));

function arrowsOf(page: string): Set<string> {
  const table = page.split("<!-- arrows -->")[1]?.split("<!-- /arrows -->")[0] ?? "";
  const rows = [...table.matchAll(/^\| (\w+) \| (\w+) \| (\w+) \|$/gm)].slice(0);
  return new Set(
    rows.map(([, from, event, to]) => `${from} ${event} ${to}`).filter((arrow) => arrow !== "from event to"),
  );
}

/** Follows every run along its history: each event begins where the one before has led to, by an arrow that exists. */
export function follower(): {
  follow(events: readonly EventRow[]): void;
  stateOf(runId: string): string | undefined;
} {
  const states = new Map<string, string>();
  return {
    stateOf: (runId) => states.get(runId),
    follow(events) {
      for (const { runId, type, data } of events) {
        if (!states.has(runId)) states.set(runId, "queued");
        if (!STATE_EVENTS.has(type)) continue;
        const { from, to } = JSON.parse(data);
        const before = states.get(runId);
        demand(ARROWS.has(`${from} ${type} ${to}`), () => `${runId} went from ${from} by ${type} to ${to}`);
        demand(before === from, () => `${runId} was ${before}, but its ${type} begins at ${from}`);
        states.set(runId, to);
      }
    },
  };
}
