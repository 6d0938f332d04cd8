import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import { LimitAnswer, LimitList } from "@/lib/contracts/limit";
import { LockPage, ReleaseAnswer, type ReleaseBody, type WaitingRunView } from "@/lib/contracts/lock";
import type { LockKind } from "@/lib/domain/lock";
import { api, apiNothing } from "./api";
import { LIVE, pollWhile } from "./polling";
import { queryString } from "./query-string";
import { useRefreshRuns } from "./runs";

export const lockKeys = {
  all: ["locks"] as const,
  list: (kind: LockKind) => [...lockKeys.all, "list", kind] as const,
  limits: () => [...lockKeys.all, "limits"] as const,
};

/** Of each kind. */
export const LOCKS_SHOWN = 50;

export function locksQuery(kind: LockKind) {
  return queryOptions({
    queryKey: lockKeys.list(kind),
    queryFn: ({ signal }) =>
      api(LockPage, `/api/v1/locks${queryString({ kind, limit: LOCKS_SHOWN })}`, { signal }),
    refetchInterval: (query) => pollWhile((query.state.data?.items.length ?? 1) > 0),
    ...LIVE,
  });
}

export function limitsQuery() {
  return queryOptions({
    queryKey: lockKeys.limits(),
    queryFn: ({ signal }) => api(LimitList, "/api/v1/limits", { signal }),
    refetchInterval: (query) => pollWhile(query.state.data?.items.some(({ active }) => active > 0) ?? true),
    ...LIVE,
  });
}

function useRefreshLocks() {
  const client = useQueryClient();
  const refreshRuns = useRefreshRuns();
  return () => Promise.all([client.invalidateQueries({ queryKey: lockKeys.all }), refreshRuns()]);
}

export function useReleaseLock(name: string, onDone: (answer: z.infer<typeof ReleaseAnswer>) => void) {
  const refresh = useRefreshLocks();
  return useMutation({
    mutationFn: (body: ReleaseBody) =>
      api(ReleaseAnswer, `/api/v1/locks/${encodeURIComponent(name)}/release`, { method: "POST", body }),
    onSuccess: onDone,
    onSettled: () => refresh(),
  });
}

export type Limit = z.infer<typeof LimitAnswer>;

export function useSetLimit(onDone: () => void) {
  const refresh = useRefreshLocks();
  return useMutation({
    mutationFn: ({ name, maxRuns }: Limit) =>
      api(LimitAnswer, `/api/v1/limits/${encodeURIComponent(name)}`, { method: "PUT", body: { maxRuns } }),
    onSuccess: onDone,
    onSettled: () => refresh(),
  });
}

export function useRemoveLimit() {
  const refresh = useRefreshLocks();
  return useMutation({
    mutationFn: (name: string) =>
      apiNothing(`/api/v1/limits/${encodeURIComponent(name)}`, { method: "DELETE" }),
    onSettled: () => refresh(),
  });
}

type Line = { readonly waiting: readonly WaitingRunView[]; readonly waitingCount: number };

/** Where a run stands in a line: `1` is next; null when it is not among those that are listed. */
export function placeIn(line: Line, runId: string): number | null {
  const index = line.waiting.findIndex(({ run }) => run === runId);
  return index === -1 ? null : index + 1;
}
