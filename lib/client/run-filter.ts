import { parseJobId } from "@/lib/domain/ids";
import { MAX_FINGERPRINT } from "@/lib/domain/last-words";
import { RUN_STATES, type RunState } from "@/lib/domain/run";
import type { RunFilter } from "./runs";

/** What stands in the address → the filter; what cannot be one is left out rather than refused. */
export function parseRunFilter(params: { readonly [Name in keyof RunFilter]?: unknown }): RunFilter {
  const states = typeof params.state === "string" ? params.state.split(",").filter(isRunState) : [];
  const job = typeof params.job === "string" ? parseJobId(params.job) : null;
  const shape = typeof params.fingerprint === "string" ? params.fingerprint.slice(0, MAX_FINGERPRINT) : "";
  return {
    ...(job === null ? {} : { job }),
    ...(states.length === 0 ? {} : { state: states.join(",") }),
    ...(shape === "" ? {} : { fingerprint: shape }),
  };
}

function isRunState(text: string): text is RunState {
  return (RUN_STATES as readonly string[]).includes(text);
}

/** The choices of the state filter. `value` is what stands in the address and goes over the wire. */
export const STATE_FILTERS = [
  { value: "", label: "All states" },
  { value: "queued,starting,running,stopping", label: "Active" },
  { value: "failed,timed_out,interrupted", label: "Went wrong" },
  { value: "completed", label: "Completed" },
  { value: "failed", label: "Failed" },
  { value: "stopped", label: "Stopped" },
  { value: "timed_out", label: "Timed out" },
  { value: "interrupted", label: "Interrupted" },
  { value: "cleaned", label: "Auto-cleaned" },
  { value: "queued", label: "Waiting" },
] as const;
