import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { RunAnswer, type RunView } from "@/lib/contracts/run";
import { StraysAnswer } from "@/lib/contracts/stray";
import { api } from "./api";
import { LIVE, pollWhile } from "./polling";
import { useRefreshRuns } from "./runs";

export const strayKeys = { all: ["strays"] as const };

export type StrayView = z.infer<typeof StraysAnswer>["items"][number];
export type StalePidFileView = z.infer<typeof StraysAnswer>["pidFiles"][number];

/** Finding strays looks at every process of the host, so the page asks no more often than needed. */
export function straysQuery() {
  return queryOptions({
    queryKey: strayKeys.all,
    queryFn: ({ signal }) => api(StraysAnswer, "/api/v1/strays", { signal }),
    refetchInterval: () => pollWhile(false),
    ...LIVE,
  });
}

function useRefreshStrays() {
  const client = useQueryClient();
  const refreshRuns = useRefreshRuns();
  return () => Promise.all([client.invalidateQueries({ queryKey: strayKeys.all }), refreshRuns()]);
}

const strayPath = (id: string, verb: string) => `/api/v1/strays/${encodeURIComponent(id)}${verb}`;

export function useAdoptStray(id: string, onDone: (run: RunView) => void) {
  const refresh = useRefreshStrays();
  return useMutation({
    mutationFn: (body: { reason?: string }) =>
      api(RunAnswer, strayPath(id, "/adopt"), { method: "POST", body }),
    onSuccess: ({ run }) => onDone(run),
    onSettled: () => refresh(),
  });
}

/** What comes back is of no use here: the list itself is asked again. */
const Whatever = z.unknown();

export function useStopStray(id: string, onDone: () => void) {
  const refresh = useRefreshStrays();
  return useMutation({
    mutationFn: (body: { force?: boolean; reason?: string }) =>
      api(Whatever, strayPath(id, "/stop"), { method: "POST", body }),
    onSuccess: onDone,
    onSettled: () => refresh(),
  });
}

const RemoveAnswer = z.object({ kept: z.array(z.object({ path: z.string(), why: z.string() })).default([]) });
export type Kept = z.infer<typeof RemoveAnswer>["kept"];

/** @param onDone is told what was not removed, and why */
export function useRemovePidFiles(onDone: (kept: Kept) => void) {
  const refresh = useRefreshStrays();
  return useMutation({
    mutationFn: (body: { paths: string[]; reason?: string }) =>
      api(RemoveAnswer, "/api/v1/strays/pid-files/remove", { method: "POST", body }),
    onSuccess: ({ kept }) => onDone(kept),
    onSettled: () => refresh(),
  });
}
