import { lateStart, type OverLimit, overLimit } from "@/lib/domain/limits";
import type { Run } from "@/lib/domain/run";
import { payloadReported, type RunFiles, readClaim } from "../files/run-files";
import { readMoment, writeMoment } from "../files/since-boot";
import { waitOf } from "../life/kind-wait";
import { checkpointOf, lifeOf } from "../life/life";
import { lookClosely } from "../life/look-at-checkpoints";
import type { Duty } from "../watch/duty";
import { begin, end, isEnding } from "../watch/phase";
import type { Watched } from "../watch/watched";
import type { StopClock } from "./asking";
import { endTree } from "./end-tree";
import { finish } from "./finish";

/** Ends the tree of a run that is `stopping`, once, and writes its end. */
export function beginEnding(duty: Duty, watched: Watched): void {
  if (!begin(watched, "end")) return;
  const { ports, list, abort } = duty;
  void duty.tasks.run("end", async () => {
    try {
      const ending = await endTree(ports, watched, graceClock(duty, watched), abort);
      if (ending.outcome === "abandoned") return;
      await finish(ports, list, watched, ending.beforeSignal, { type: "tree_gone" });
      duty.claimQueued();
    } finally {
      // Failed half-way (the database was locked, the disk full): the sweep takes it up again.
      end(watched, "end");
    }
  });
}

/**
 * Counts on the monotonic clock from when the end was asked for, be it by a dashboard before this one. When the dashboard itself closes,
 * what is stopping already has no longer than that takes.
 */
function graceClock({ closing }: Duty, watched: Watched): StopClock {
  const began = readMoment(watched.files, "stop-asked") ?? performance.now();
  void writeMoment(watched.files, "stop-asked");
  lifeOf(watched).stopAskedAt ??= began;
  return () => ({
    sinceMs: performance.now() - began,
    graceMs: closing.hurried ? 0 : Math.min(watched.run.graceMs ?? 0, closing.patientUntil - began),
  });
}

export function isOverLimit(watched: Watched): boolean {
  return limitPassed(watched) !== null;
}

/** Those of which it is being found out whether they are over a limit. */
const limiting = new WeakSet<Watched>();

/**
 * Over a limit: asked to end as by an operator, with the limit as the cause. One look at a time; callers do
 * not wait for it.
 */
export function keepLimits(duty: Duty, watched: Watched): void {
  if (limiting.has(watched)) return;
  limiting.add(watched);
  void duty.tasks
    .run("limits", () => lookAndEnd(duty, watched))
    .finally(() => {
      limiting.delete(watched);
    });
}

async function lookAndEnd(duty: Duty, watched: Watched): Promise<void> {
  if (limitPassed(watched)?.cause === "silence") await lookClosely(duty.ports, watched);
  const over = limitPassed(watched);
  // It may have ended during the closer look.
  if (over === null || isEnding(watched) || duty.list.get(watched.run.id) !== watched) return;
  // What it would be seen by cannot be seen: that is no silence of its own, and it may well wait for the same disk.
  if (over.cause === "silence" && checkpointOf(watched).unanswered !== null) return;
  if (over.cause === "silence" && waitOf(watched, duty.ports.now()) !== null) return;
  await askToEnd(duty, watched, over);
}

function limitPassed(watched: Watched): OverLimit | null {
  const { run, tree, files, startedAt } = watched;
  const { spokeAt } = lifeOf(watched);
  const now = performance.now();
  if (tree.payload === null && now - startedAt > run.spec.timeouts.startMs && neverBegan(run, files))
    return { cause: "start_timeout", reason: lateStart(run) };
  const quietMs = spokeAt === null ? null : now - spokeAt;
  return overLimit(run, { ranMs: now - startedAt, quietMs });
}

/** Its launcher has been there for all that time, found by a later dashboard perhaps, and has not become the program. */
function neverBegan(run: Run, files: RunFiles): boolean {
  return run.state === "running" && readClaim(files)?.by === "launcher" && !payloadReported(files);
}

/** Ends it for a limit, unless it is being ended already: the first cause wins. */
export async function askToEnd(duty: Duty, watched: Watched, over: OverLimit): Promise<void> {
  const graceMs = watched.run.spec.timeouts.stopGraceMs;
  const event = { type: "stop_requested", graceMs, ...over } as const;
  const change = await duty.ports.records.apply(watched.run.id, event);
  if (!change.ok) return;
  duty.ports.log.warn({ runId: watched.run.id, ...over }, "run.over_limit");
  watched.run = change.run;
  beginEnding(duty, watched);
}
