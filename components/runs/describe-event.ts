import type { RunEventView } from "@/lib/contracts/run";
import type { RUN_EVENT_TYPES } from "@/lib/domain/transition";

const TITLE: Readonly<Record<(typeof RUN_EVENT_TYPES)[number], string>> = {
  claimed: "Taken up by the supervisor",
  spawned: "Process started",
  launch_failed: "Could not be launched",
  stop_requested: "Told to stop",
  exited: "Process ended",
  tree_gone: "All its processes are gone",
  lost: "Found to be gone",
  cleaned: "Cleaned up",
  clean_undone: "Clean-up undone",
};

/** A title for people and the event's own data as `name: value` pairs. Types this page does not know keep their own name. */
export function describeEvent({ type, data }: RunEventView): { title: string; facts: string } {
  const title = isKnown(type) ? TITLE[type] : capitalised(type.replaceAll(/[._]/g, " "));
  const facts = Object.entries(data)
    .filter(([, value]) => value !== null && value !== "")
    .map(([name, value]) => `${spaced(name)}: ${typeof value === "object" ? JSON.stringify(value) : String(value)}`);
  return { title, facts: facts.join(" · ") };
}

function isKnown(type: string): type is keyof typeof TITLE {
  return Object.hasOwn(TITLE, type);
}

function spaced(name: string): string {
  return name.replaceAll(/([A-Z])/g, " $1").toLowerCase();
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
