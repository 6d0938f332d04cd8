import type { RunId } from "@/lib/domain/ids";
import type { UsageMoment, Watch } from "@/lib/domain/ports/host";
import type { Runs, UsageRow } from "@/lib/domain/ports/runs";
import { runNotFound } from "./get-run";

export type RunUsage = {
  readonly memoryLimit: {
    readonly bytes: number;
    readonly by: "cgroup" | "rlimit";
    readonly why: string | null;
  } | null;
  readonly points: readonly UsageMoment[];
};

type Needs = Pick<Runs, "findRun" | "listUsage" | "findEvent"> & Pick<Watch, "recentUsage">;

/** What was saved, and from where memory begins the finer points of the last minutes. @throws AppError RUN_NOT_FOUND */
export async function runUsage(ctx: Needs, id: RunId): Promise<RunUsage> {
  const run = await ctx.findRun(id);
  if (run === null) throw runNotFound(id);
  const recent = ctx.recentUsage(id);
  const since = recent[0]?.at ?? Number.POSITIVE_INFINITY;
  const kept = withShares(await ctx.listUsage(id), run.startedAt);
  return {
    memoryLimit: toMemoryLimit((await ctx.findEvent(id, ["limits_applied"]))?.data ?? {}),
    points: [...kept.filter(({ at }) => at < since), ...recent],
  };
}

/** The share of a core between one saved point and the next; what was not measured in between is spread over it. */
function withShares(kept: readonly UsageRow[], startedAt: number | null): UsageMoment[] {
  return kept.map(({ at, cpuMs, memoryBytes, processes }, index) => {
    const before = kept[index - 1] ?? { at: startedAt ?? at, cpuMs: 0 };
    const share = at > before.at ? (100 * (cpuMs - before.cpuMs)) / (at - before.at) : 0;
    return { at, cpuPercent: Math.max(0, share), memoryBytes, processes };
  });
}

function toMemoryLimit({
  memory,
  memoryBytes,
  why,
}: Readonly<Record<string, unknown>>): RunUsage["memoryLimit"] {
  if ((memory !== "cgroup" && memory !== "rlimit") || typeof memoryBytes !== "number") return null;
  return { bytes: memoryBytes, by: memory, why: typeof why === "string" ? why : null };
}
