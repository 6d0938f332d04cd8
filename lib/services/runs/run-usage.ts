import type { RunId } from "@/lib/domain/ids";
import type { Run } from "@/lib/domain/run";
import { runNotFound } from "./get-run";

export type UsageMoment = {
  readonly at: number;
  readonly cpuPercent: number;
  readonly memoryBytes: number;
  readonly processes: number;
};

export type RunUsage = {
  readonly memoryLimit: {
    readonly bytes: number;
    readonly by: "cgroup" | "rlimit";
    readonly why: string | null;
  } | null;
  readonly points: readonly UsageMoment[];
};

type Kept = Omit<UsageMoment, "cpuPercent"> & { readonly cpuMs: number };

type Needs = {
  findRun(id: RunId): Promise<Run | null>;
  listUsage(id: RunId): Promise<readonly Kept[]>;
  recentUsage(id: RunId): readonly UsageMoment[];
  findEvent(
    id: RunId,
    types: readonly string[],
  ): Promise<{ readonly data: Readonly<Record<string, unknown>> } | null>;
};

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
function withShares(kept: readonly Kept[], startedAt: number | null): UsageMoment[] {
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
