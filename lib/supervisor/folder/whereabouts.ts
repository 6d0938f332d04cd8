import { type Run, startedAs } from "@/lib/domain/run";
import type { SupervisorPorts } from "../ports";
import { isAlive } from "../processes/processes";
import { type Home, homeOf } from "./home";

/** `process`: whether its launcher lives; null: its pids are of another boot or host, or it cannot be told. */
export type Whereabouts = { readonly process: boolean | null; readonly home: Home };

/** Looks at a run that nobody watches, and touches nothing. */
export function whereabouts(ports: SupervisorPorts, run: Run): Whereabouts {
  const { launcher } = run;
  if (run.hostInstance !== ports.hostInstance || launcher === null) return { process: null, home: "unknown" };
  try {
    if (!isAlive(ports.processes, launcher)) return { process: false, home: "unknown" };
    return { process: true, home: homeOf(ports, launcher.pid, startedAs(run), ports.logFile(run)) };
  } catch {
    // Out of descriptors: asked again with the next look.
    return { process: null, home: "unknown" };
  }
}
