import type { LiveFacts } from "@/lib/domain/ports/host";
import { isAlive } from "../processes/processes";
import { usageOf } from "../usage/run-usage";
import type { Duty } from "../watch/duty";
import type { SupervisorPorts } from "../watch/ports";
import type { Watched } from "../watch/watched";
import { waitOf } from "./kind-wait";
import { type Life, lifeOf } from "./life";
import { measuredAt } from "./log-growth";
import { lookForLife } from "./look-for-life";

const FRESH_FOR_MS = 1_000;
/** Beyond this the wall clock was changed, not read a moment later. */
const CLOCK_CHANGED_MS = 5_000;

export function liveFacts(duty: Duty, watched: Watched | undefined): LiveFacts | null {
  if (watched === undefined) return null;
  const { ports } = duty;
  // A page with hundreds of runs asks for all of them: a look at each every second is fresh enough for everybody.
  if (performance.now() - measuredAt(watched) > FRESH_FOR_MS) lookForLife(ports, watched);
  const life = lifeOf(watched);
  if (life.urgent) duty.life.soon();
  const { logBytes, source, progress, usualGapMs, spokeAt, stopAskedAt } = life;
  const { startedAt } = watched;
  const { cpuMs, peakBytes } = usageOf(watched);
  const now = performance.now();
  const processAlive = watched.unsupervised || aliveNow(ports, watched);
  // A status must not show a process that is gone until the next sweep.
  if (processAlive === false) duty.lookSoon(watched);
  return {
    processAlive,
    logBytes,
    lastLifeAt: lastLifeAt(life, ports.now()),
    lastLifeSource: source,
    progress,
    usualGapMs,
    cpuMs,
    peakMemoryBytes: peakBytes,
    quietMs: now - (spokeAt ?? startedAt),
    ranMs: now - startedAt,
    waits: waitOf(watched, ports.now()),
    stoppingMs: stopAskedAt === null ? null : now - stopAskedAt,
  };
}

/** As it was noted; unless the wall clock was changed since, which would make a sign of a moment ago an hour old. */
function lastLifeAt(life: Life, wallNow: number): number | null {
  if (life.lastLifeAt === null || life.source === null || life.spokeAt === null) return life.lastLifeAt;
  const counted = Math.round(wallNow - (performance.now() - life.spokeAt));
  return Math.abs(counted - life.lastLifeAt) > CLOCK_CHANGED_MS ? counted : life.lastLifeAt;
}

/** null: not known, or not to be found out right now. */
function aliveNow({ processes }: SupervisorPorts, { tree }: Watched): boolean | null {
  try {
    return tree.launcher === null ? null : isAlive(processes, tree.launcher);
  } catch {
    return null;
  }
}
