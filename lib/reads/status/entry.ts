import type { StatusView } from "@/lib/contracts/status";
import type { Glance } from "@/lib/domain/attention";
import type { PidFileSight } from "@/lib/domain/pid-file";
import type { JobWithNewest } from "@/lib/domain/ports/jobs";
import { isActive } from "@/lib/domain/run";
import { toStatusView } from "@/lib/http/views";
import type { SeenRun } from "@/lib/services/commands/see-run";
import { type JobStatus, type StatusNeeds, seeJob } from "@/lib/services/jobs/job-status";

/** A job on the board, as it was seen last. */
export type Entry = {
  readonly rows: JobWithNewest;
  readonly status: JobStatus;
  /** Its Status as JSON. */
  readonly text: string;
  readonly glance: Glance;
  /** The same for as long as nothing has changed but how long ago things were. */
  readonly substance: string;
  /** Time, its process or its files can change it without anything being written down. */
  readonly restless: boolean;
};

export function makeEntry(source: StatusNeeds, rows: JobWithNewest, sight: PidFileSight | null): Entry {
  const status = seeJob(source, rows, sight);
  const { newest } = rows;
  const view = toStatusView(status, source.now());
  return {
    rows,
    status,
    text: JSON.stringify(view),
    glance: glanceOf(view),
    substance: substanceOf(status),
    // One that has just ended is watched for a moment longer.
    restless:
      sight !== null || (newest !== null && (isActive(newest.state) || source.live(newest.id) !== null)),
  };
}

/** Without the rest of the view, which would be kept in memory once more. */
function glanceOf({ job, run, foreign }: StatusView): Glance {
  if (run === null) return { job, run, foreign };
  const { state, health, verdict, unsettled, queuedAt, startedAt, endedAt } = run;
  return { job, foreign, run: { state, health, verdict, unsettled, queuedAt, startedAt, endedAt } };
}

/** What an entry says besides its rows. */
function substanceOf({ newest, pidFileDetected, foreign }: JobStatus): string {
  return JSON.stringify([newest === null ? null : seenOf(newest), pidFileDetected, foreign]);
}

function seenOf({ run, health, facts = [] }: SeenRun) {
  const { logBytes, lastLifeAt, progress, usualGapMs, cpuMs, peakMemoryBytes, waitingFor } = run;
  const evidence = [...(health?.evidence ?? []), ...facts];
  return [
    [logBytes, lastLifeAt, progress, usualGapMs, cpuMs, peakMemoryBytes, waitingFor],
    health?.health,
    evidence.map(({ fact, value, at }) => [fact, at, timeless(value)]),
  ];
}

/** `none in 1 min 30 s` → `none in `: which words there are, not how much time has gone by. */
function timeless(value: string): string {
  return value.replace(/(?:\d+ (?:d|h|min|s|ms)\b ?)+/g, "");
}
