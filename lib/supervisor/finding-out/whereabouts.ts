import { isNotAnswering } from "@/lib/domain/files";
import type { RunId } from "@/lib/domain/ids";
import { type Run, startedAs } from "@/lib/domain/run";
import { type Home, homeOf } from "../folder/home";
import { isAlive } from "../processes/processes";
import type { SupervisorPorts } from "../watch/ports";

/** `process`: whether its launcher lives; null: its pids are of another boot or host, or it cannot be told. */
export type Whereabouts = { readonly process: boolean | null; readonly home: Home };

/** Looks at a run that is not watched, and touches nothing. */
export async function whereabouts(ports: SupervisorPorts, run: Run): Promise<Whereabouts> {
  const { launcher } = run;
  if (run.hostInstance !== ports.hostInstance || launcher === null) return { process: null, home: "unknown" };
  try {
    if (!isAlive(ports.processes, launcher)) return { process: false, home: "unknown" };
    const home = homeOf(ports, launcher.pid, startedAs(run), ports.logFile(run));
    return { process: true, home: await home.catch(unknownUnlessAnswering) };
  } catch {
    // Out of descriptors: asked again with the next look.
    return { process: null, home: "unknown" };
  }
}

function unknownUnlessAnswering(error: unknown): "unknown" {
  if (isNotAnswering(error)) return "unknown";
  throw error;
}

/** Where runs were at the last look, for pages that do not wait; each question has the next look taken. */
export function rememberWhereabouts(look: (run: Run) => Promise<Whereabouts>) {
  const known = new Map<RunId, Whereabouts>();
  const looking = new Set<RunId>();
  const see = async (run: Run): Promise<Whereabouts> => {
    looking.add(run.id);
    try {
      const seen = await look(run);
      known.set(run.id, seen);
      return seen;
    } finally {
      looking.delete(run.id);
    }
  };
  const last = (run: Run): Whereabouts => {
    if (!looking.has(run.id)) void see(run).catch(() => undefined);
    return known.get(run.id) ?? { process: null, home: "unknown" };
  };
  return { see, last };
}
