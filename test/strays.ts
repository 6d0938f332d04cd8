import type { Stray } from "@/lib/domain/stray";
import { jobId, nextRunId, T0 } from "./factories";

/** Two processes of one marker that no run owns, as a restored backup leaves them: there is no row of their run. */
export function aStray(changes: Partial<Stray> = {}): Stray {
  const runId = nextRunId();
  const identity = { pid: 812, startTicks: 4_711 };
  return {
    identity,
    command: "node scrape.mjs",
    startedAt: T0,
    marker: `${runId}.t0k3n`,
    runId,
    run: null,
    jobId: jobId("nightly"),
    members: [{ pid: 811, startTicks: 4_710 }, identity],
    launcher: null,
    exitWillBeKnown: false,
    ending: false,
    ...changes,
  };
}
