import type { RunId } from "./ids";
import { lockLabel } from "./lock";

/** A queued run as far as its turn is concerned. */
export type Waiting = {
  readonly id: RunId;
  /** Every lock it needs, its job's own among them. */
  readonly locks: readonly string[];
  readonly tags: readonly string[];
};

/** A concurrency limit, and how many runs it counts that are past the queue. `name`: `worker`, or `tag:<tag>`. */
export type Capacity = { readonly name: string; readonly maxRuns: number; readonly active: number };

export type Obstacle =
  | { readonly kind: "held"; readonly lock: string; readonly by: RunId }
  | { readonly kind: "wanted"; readonly lock: string; readonly by: RunId }
  | { readonly kind: "limit"; readonly limit: string; readonly active: number; readonly maxRuns: number };

export type Turn = {
  readonly run: Waiting;
  /** null: it may go now. */
  readonly obstacle: Obstacle | null;
};

export const WORKER_LIMIT = "worker";

/**
 * Whose turn it is. No one overtakes in a line he stands in himself; why these rules and no others:
 * docs/decisions/0010-queue-order.md.
 * @param queue all queued runs, first come first, the higher priority before
 * @param holders which run holds which lock
 */
export function takeTurns(
  queue: readonly Waiting[],
  holders: ReadonlyMap<string, RunId>,
  capacities: readonly Capacity[],
): Turn[] {
  const lines = new Lines(holders, capacities);
  const admitted = new Set(queue.filter((run) => lines.isAdmitted(run) && lines.keepAdmitted(run)));
  for (const run of queue) if (!admitted.has(run)) lines.withdraw(run);
  return queue.map((run) => ({ run, obstacle: admitted.has(run) ? null : lines.admit(run) }));
}

/** Who has what, who was promised what, and how many places are left, while the queue is gone through once. */
class Lines {
  private readonly holders: Map<string, RunId>;
  /** Locks that a run further ahead waits for. */
  private readonly promised = new Map<string, RunId>();
  private readonly limits: Map<string, { maxRuns: number; used: number; kept: number; awaited: boolean }>;

  constructor(holders: ReadonlyMap<string, RunId>, capacities: readonly Capacity[]) {
    this.holders = new Map(holders);
    this.limits = new Map(
      capacities.map(({ name, maxRuns, active }) => [
        name,
        { maxRuns, used: active, kept: 0, awaited: false },
      ]),
    );
  }

  /** It was given its turn earlier and has not been launched yet. */
  isAdmitted(run: Waiting): boolean {
    return run.locks.every((name) => this.holders.get(name) === run.id);
  }

  /** @returns false when a limit was lowered meanwhile and it has to wait after all */
  keepAdmitted(run: Waiting): boolean {
    if (this.limitsOf(run).some(({ limit }) => limit.used >= limit.maxRuns)) return false;
    for (const { limit } of this.limitsOf(run)) limit.used += 1;
    return true;
  }

  /** Who waits holds nothing. */
  withdraw(run: Waiting): void {
    for (const name of run.locks) if (this.holders.get(name) === run.id) this.holders.delete(name);
  }

  admit(run: Waiting): Obstacle | null {
    const obstacle = this.lockInTheWay(run) ?? this.limitInTheWay(run);
    if (obstacle === null) {
      for (const name of run.locks) this.holders.set(name, run.id);
      for (const { limit } of this.limitsOf(run)) limit.used += 1;
      return null;
    }
    for (const name of run.locks) if (!this.promised.has(name)) this.promised.set(name, run.id);
    if (obstacle.kind === "limit") this.standInLine(run);
    return obstacle;
  }

  private lockInTheWay(run: Waiting): Obstacle | null {
    for (const lock of run.locks) {
      const holder = this.holders.get(lock);
      if (holder !== undefined) return { kind: "held", lock, by: holder };
    }
    for (const lock of run.locks) {
      const before = this.promised.get(lock);
      if (before !== undefined) return { kind: "wanted", lock, by: before };
    }
    return null;
  }

  private limitInTheWay(run: Waiting): Obstacle | null {
    const full = this.limitsOf(run).find(({ limit }) => limit.used + limit.kept >= limit.maxRuns);
    if (full === undefined) return null;
    const { used, maxRuns } = full.limit;
    return { kind: "limit", limit: full.name, active: used, maxRuns };
  }

  /**
   * The first in a line has its places in other lines kept, or two tags could pass it by in turns for ever. The host's own
   * limit needs no such promise: every run needs a place there, so when one comes free the first who can go gets it.
   */
  private standInLine(run: Waiting): void {
    const mine = this.limitsOf(run);
    const full = mine.filter(({ limit }) => limit.used >= limit.maxRuns);
    const first = full.some(({ limit }) => !limit.awaited);
    for (const { limit } of full) limit.awaited = true;
    if (!first) return;
    for (const { name, limit } of mine)
      if (name !== WORKER_LIMIT && limit.used + limit.kept < limit.maxRuns) limit.kept += 1;
  }

  private limitsOf(run: Waiting) {
    return limitNames(run.tags).flatMap((name) => {
      const limit = this.limits.get(name);
      return limit === undefined ? [] : [{ name, limit }];
    });
  }
}

/** The limits a run counts in, where they are set. */
export function limitNames(tags: readonly string[]): string[] {
  return [WORKER_LIMIT, ...new Set(tags.map((tag) => `tag:${tag}`))];
}

/** What a run waits for, in words. */
export function describeObstacle(obstacle: Obstacle): string {
  if (obstacle.kind === "held") return `lock ${lockLabel(obstacle.lock)}, held by ${obstacle.by}`;
  if (obstacle.kind === "wanted") return `lock ${lockLabel(obstacle.lock)}, after ${obstacle.by}`;
  const { limit, active, maxRuns } = obstacle;
  if (limit === WORKER_LIMIT) return `its turn: this host runs at most ${maxRuns}`;
  const tag = limit.slice("tag:".length);
  return active < maxRuns
    ? `its turn: the last place of ${maxRuns} for tag ${tag} is kept for a run before it`
    : `its turn: ${active} of ${maxRuns} runs with tag ${tag} are active`;
}

/** Whether a waiting run still waits for the same thing, only behind another run. */
export function isSameWait(before: string | null, now: string): boolean {
  return before !== null && subject(before) === subject(now);
}

function subject(text: string): string {
  return text.startsWith("its turn") ? "its turn" : text.slice(0, text.lastIndexOf(", "));
}
