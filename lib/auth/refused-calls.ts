/** Calls of programs that did not say who they are: as a rule from cron, from before there were accounts. */
export type RefusedCall = {
  /** As `GET /api/v1/status`. */
  readonly what: string;
  /** What the program says it is. */
  readonly agent: string;
  readonly address: string | null;
  readonly count: number;
  /** Epoch milliseconds of the last one. */
  readonly at: number;
};

type Call = Omit<RefusedCall, "count">;

export type RefusedCalls = {
  note(call: Call): void;
  /** The newest first. */
  list(): readonly RefusedCall[];
};

/** Of more kinds the oldest is forgotten: anyone can call. */
const MOST = 20;
const MOST_TEXT = 120;

export function refusedCalls(): RefusedCalls {
  const kinds = new Map<string, RefusedCall>();
  return {
    note: ({ what, agent, address, at }) => {
      const call = { what: what.slice(0, MOST_TEXT), agent: agent.slice(0, MOST_TEXT), address, at };
      const key = JSON.stringify([call.what, call.agent, address]);
      const count = (kinds.get(key)?.count ?? 0) + 1;
      kinds.delete(key);
      kinds.set(key, { ...call, count });
      const [oldest] = kinds.keys();
      if (kinds.size > MOST && oldest !== undefined) kinds.delete(oldest);
    },
    list: () => [...kinds.values()].reverse(),
  };
}
