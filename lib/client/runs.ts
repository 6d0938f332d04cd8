import { infiniteQueryOptions, queryOptions, useQueryClient } from "@tanstack/react-query";
import { RunEventPage, RunPage, RunView, UsageView } from "@/lib/contracts/run";
import { isActive, isFinal, RUN_STATES } from "@/lib/domain/run";
import { api } from "./api";
import { LIVE, pollWhile } from "./polling";
import { queryString } from "./query-string";
import { statusKeys } from "./status";

export const RUNS_PER_PAGE = 50;
export const RECENT_RUNS = 40;
const USAGE_EVERY_MS = 5_000;

/** `state`: one or several separated by commas, as on the wire. */
export type RunFilter = { readonly job?: string; readonly state?: string; readonly fingerprint?: string };

export const runKeys = {
  all: ["runs"] as const,
  run: (id: string) => [...runKeys.all, "run", id] as const,
  events: (id: string) => [...runKeys.all, "events", id] as const,
  usage: (id: string) => [...runKeys.all, "usage", id] as const,
  recent: (filter: RunFilter, limit: number) => [...runKeys.all, "recent", filter, limit] as const,
  list: (filter: RunFilter) => [...runKeys.all, "list", filter] as const,
};

function fetchRuns(query: RunFilter & { limit: number; cursor?: string | null }, signal: AbortSignal) {
  return api(RunPage, `/api/v1/runs${queryString(query)}`, { signal });
}

/** The newest runs, kept up to date. */
export function recentRunsQuery(filter: RunFilter, limit: number = RECENT_RUNS) {
  return queryOptions({
    queryKey: runKeys.recent(filter, limit),
    queryFn: ({ signal }) => fetchRuns({ ...filter, limit }, signal),
    refetchInterval: (query) => pollWhile(query.state.data?.items.some((run) => isActive(run.state)) ?? true),
    ...LIVE,
  });
}

export const RECENT_ENDS = 10;
export const recentEndsFilter: RunFilter = { state: RUN_STATES.filter(isFinal).join(",") };

/** What ended last. Ends come while something runs, so it is asked as often as that. */
export function recentEndsQuery() {
  return queryOptions({
    ...recentRunsQuery(recentEndsFilter, RECENT_ENDS),
    refetchInterval: () => pollWhile(true),
  });
}

/** The list as the operator loaded it: it grows at its end on request and never moves by itself. */
export function runListQuery(filter: RunFilter) {
  return infiniteQueryOptions({
    queryKey: runKeys.list(filter),
    queryFn: ({ signal, pageParam }) =>
      fetchRuns({ ...filter, limit: RUNS_PER_PAGE, cursor: pageParam }, signal),
    initialPageParam: firstPage(),
    getNextPageParam: (last) => last.nextCursor,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

function firstPage(): string | null {
  return null;
}

export function runQuery(id: string) {
  return queryOptions({
    queryKey: runKeys.run(id),
    queryFn: ({ signal }) => api(RunView, `/api/v1/runs/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: (query) => pollWhile(query.state.data === undefined || isActive(query.state.data.state)),
    ...LIVE,
  });
}

/** @param active whether more events may come soon */
export function runEventsQuery(id: string, active: boolean) {
  return queryOptions({
    queryKey: runKeys.events(id),
    queryFn: ({ signal }) => api(RunEventPage, `/api/v1/runs/${encodeURIComponent(id)}/events`, { signal }),
    refetchInterval: () => pollWhile(active),
    ...LIVE,
  });
}

/** @param active whether it is still measured */
export function runUsageQuery(id: string, active: boolean) {
  return queryOptions({
    queryKey: runKeys.usage(id),
    queryFn: ({ signal }) => api(UsageView, `/api/v1/runs/${encodeURIComponent(id)}/usage`, { signal }),
    // Points come every five seconds, and of a run that is over none come any more.
    refetchInterval: () => active && pollWhile(false) !== false && USAGE_EVERY_MS,
    ...LIVE,
  });
}

/** After a command: everything that shows run state asks the server again. */
export function useRefreshRuns() {
  const client = useQueryClient();
  return async (run?: RunView) => {
    if (run !== undefined) client.setQueryData(runKeys.run(run.id), run);
    await Promise.all([
      client.invalidateQueries({ queryKey: statusKeys.all }),
      client.invalidateQueries({ queryKey: runKeys.all, predicate: (query) => query.queryKey[1] !== "list" }),
      client.invalidateQueries({ queryKey: ["jobs", "precheck"] }),
    ]);
  };
}
