import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { StartBody } from "@/lib/contracts/actions";
import { RunAnswer, type RunView } from "@/lib/contracts/run";
import { StuckAnswer, type StuckItemView } from "@/lib/contracts/stuck";
import { api } from "./api";
import { LIVE, pollWhile } from "./polling";
import { queryString } from "./query-string";
import { useRefreshRuns } from "./runs";

/** null: any age. */
export type StuckFilter = { readonly ageHours: number | null };

export const stuckKeys = {
  all: ["stuck"] as const,
  list: (filter: StuckFilter) => [...stuckKeys.all, "list", filter] as const,
  counts: () => [...stuckKeys.all, "counts"] as const,
};

export const STUCK_SHOWN = 100;
/** What the page itself brings: each row takes a millisecond to render. */
export const STUCK_AT_FIRST = 50;

/** What is stuck changes while processes die or are started elsewhere, so it is asked as often as something live. */
export function stuckQuery(filter: StuckFilter) {
  const query = queryString({ ageHours: filter.ageHours, limit: STUCK_SHOWN });
  return queryOptions({
    queryKey: stuckKeys.list(filter),
    queryFn: ({ signal }) => api(StuckAnswer, `/api/v1/stuck${query}`, { signal }),
    refetchInterval: ({ state }) => pollWhile((state.data?.items.length ?? 1) > 0),
    ...LIVE,
  });
}

/** The counts alone, for pages that only point to the list. */
export function stuckCountsQuery() {
  return queryOptions({
    queryKey: stuckKeys.counts(),
    queryFn: async ({ signal }) => (await api(StuckAnswer, "/api/v1/stuck?limit=1", { signal })).counts,
    refetchInterval: () => pollWhile(false),
    ...LIVE,
  });
}

/** After a command: the list, its counts and everything else that shows run state. */
export function useRefreshStuck() {
  const client = useQueryClient();
  const refreshRuns = useRefreshRuns();
  return (run?: RunView) =>
    Promise.all([client.invalidateQueries({ queryKey: stuckKeys.all }), refreshRuns(run)]);
}

export type Begun = { readonly from: StuckItemView; readonly run: RunView };

/** Starts the job of a stuck run. What follows is handed to the hook: the row may be gone when the answer comes. */
export function useBegin(onDone: (begun: Begun) => void, onRefused: (error: unknown) => void) {
  const refresh = useRefreshStuck();
  return useMutation({
    mutationFn: ({ item, ...body }: StartBody & { item: StuckItemView }) => begin(item, body),
    onSuccess: (begun) => {
      onDone(begun);
      return refresh(begun.run);
    },
    onError: (error) => {
      onRefused(error);
      return refresh();
    },
  });
}

export type ResumeOutcome = {
  readonly item: StuckItemView;
  readonly begun?: RunView;
  readonly error?: unknown;
};

/** One after the other, so that each refusal is told with its run and the rest goes on. */
export function useResumeAll(onOutcome: (outcome: ResumeOutcome) => void) {
  const refresh = useRefreshStuck();
  return useMutation({
    mutationFn: async ({ items, reason }: { items: readonly StuckItemView[]; reason?: string }) => {
      for (const item of items) {
        const told = reason === undefined ? {} : { reason };
        await begin(item, { mode: "resume", ...told }).then(
          ({ run }) => onOutcome({ item, begun: run }),
          (error: unknown) => onOutcome({ item, error }),
        );
      }
    },
    onSettled: () => refresh(),
  });
}

async function begin(item: StuckItemView, body: StartBody): Promise<Begun> {
  const path = `/api/v1/jobs/${encodeURIComponent(item.run.job)}/start`;
  const { run } = await api(RunAnswer, path, { method: "POST", body });
  return { from: item, run };
}
