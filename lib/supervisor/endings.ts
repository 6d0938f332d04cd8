import { overLimit } from "@/lib/domain/limits";
import { stopProfile } from "@/lib/kinds/stop-profile";
import type { Duty } from "./duty";
import { endTree } from "./end-tree";
import { finish } from "./finish";
import type { Watched } from "./watched";

/** Ends the tree of a run that is `stopping`, once, and writes its end. */
export function beginEnding(duty: Duty, watched: Watched): void {
  if (watched.ending) return;
  watched.ending = true;
  const { ports, list, abort } = duty;
  void duty.tasks.run("end", async () => {
    try {
      const { firstSignal } = stopProfile(watched.run.spec.kind);
      const ending = await endTree(ports, watched, firstSignal, graceClock(duty, watched), abort);
      if (ending.outcome === "abandoned") return;
      await finish(ports, list, watched, ending.beforeSignal, { type: "tree_gone" });
      duty.claimQueued();
    } finally {
      // Failed half-way (the database was locked, the disk full): the sweep takes it up again.
      watched.ending = false;
    }
  });
}

/** Counts on the monotonic clock from now, less what a stop before a restart had already used up. */
function graceClock({ ports }: Duty, watched: Watched): () => number {
  const used = Math.max(0, ports.now() - (watched.run.stopRequestedAt ?? ports.now()));
  const began = performance.now();
  return () => (watched.run.graceMs ?? 0) - used - (performance.now() - began);
}

/** Over a limit: asked to end as by an operator, with the limit as the cause. */
export async function keepLimits(duty: Duty, watched: Watched): Promise<void> {
  const { startedAt, spokeAt } = watched.monotonic;
  const now = performance.now();
  const quietMs = spokeAt === null ? null : now - spokeAt;
  const over = overLimit(watched.run, { ranMs: now - startedAt, quietMs });
  if (over === null) return;
  const graceMs = watched.run.spec.timeouts.stopGraceMs;
  const event = { type: "stop_requested", graceMs, ...over } as const;
  const change = await duty.ports.records.apply(watched.run.id, event);
  if (!change.ok) return;
  duty.ports.log.warn({ runId: watched.run.id, ...over }, "run.over_limit");
  watched.run = change.run;
  beginEnding(duty, watched);
}
