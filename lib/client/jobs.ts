import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import {
  ResetAnswer,
  type ResetBody,
  type RestartBody,
  type StartBody,
  StopAllAnswer,
  type StopAllBody,
  StopAnswer,
  type StopBody,
} from "@/lib/contracts/actions";
import { type CreateJobInput, JobView, type PatchJobBody } from "@/lib/contracts/job";
import { PrecheckView } from "@/lib/contracts/precheck";
import { RunAnswer, type RunView } from "@/lib/contracts/run";
import { api, apiNothing } from "./api";
import { LIVE, pollWhile } from "./polling";
import { useRefreshRuns } from "./runs";
import { statusKeys } from "./status";

export const jobKeys = {
  all: ["jobs"] as const,
  job: (id: string) => [...jobKeys.all, "job", id] as const,
  precheck: (id: string, seen: string) => [...jobKeys.all, "precheck", id, seen] as const,
};

/** Settings change by hand only, so looking now and then is enough. */
const SETTINGS_MS = 30_000;

const jobPath = (id: string, verb = "") => `/api/v1/jobs/${encodeURIComponent(id)}${verb}`;

export function jobQuery(id: string) {
  return queryOptions({
    queryKey: jobKeys.job(id),
    queryFn: ({ signal }) => api(JobView, jobPath(id), { signal }),
    refetchInterval: SETTINGS_MS,
    ...LIVE,
  });
}

/**
 * What is in the way of a start may go without any change of a run, so the query runs again: often while a start has to wait.
 * @param seen what of the newest run is on screen (id and version): when it changes, the query runs at once
 */
export function precheckQuery(id: string, seen: string) {
  return queryOptions({
    queryKey: jobKeys.precheck(id, seen),
    queryFn: ({ signal }) => api(PrecheckView, jobPath(id, "/precheck"), { signal }),
    refetchInterval: ({ state }) => pollWhile(state.data?.precheck === "wait"),
    ...LIVE,
  });
}

/*
 * What follows a command is handed to its hook rather than to `mutate`: TanStack Query drops the callbacks of `mutate` when
 * the component is gone, and a start replaces the very button that asked for it.
 */
type Followed<Body> = {
  readonly onDone?: (run: RunView, asked: Body) => void;
  readonly onRefused?: (error: unknown) => void;
};

export const useStartJob = (id: string, followed: Followed<StartBody> = {}) =>
  useRunCommand<StartBody>(jobPath(id, "/start"), followed);

export const useStopJob = (id: string, followed: Followed<StopBody> = {}) =>
  useRunCommand<StopBody>(jobPath(id, "/stop"), followed);

export const useRestartJob = (id: string, followed: Followed<RestartBody> = {}) =>
  useRunCommand<RestartBody>(jobPath(id, "/restart"), followed);

function useRunCommand<Body>(path: string, { onDone, onRefused }: Followed<Body>) {
  const refresh = useRefreshRuns();
  return useMutation({
    mutationFn: (body: Body) => api(RunAnswer, path, { method: "POST", body }),
    onSuccess: ({ run }, asked) => {
      onDone?.(run, asked);
      return refresh(run);
    },
    onError: (error) => {
      onRefused?.(error);
      return refresh();
    },
  });
}

/** Stops what runs behind the job's pid file without a run of ours. */
export function useStopForeign(id: string, onDone: () => void) {
  const refresh = useRefreshRuns();
  return useMutation({
    mutationFn: (body: StopBody) => api(StopAnswer, jobPath(id, "/stop"), { method: "POST", body }),
    onSuccess: onDone,
    onSettled: () => refresh(),
  });
}

export function useResetJob(id: string, onDone: (answer: ResetAnswer) => void) {
  const refresh = useRefreshRuns();
  return useMutation({
    mutationFn: (body: ResetBody) => api(ResetAnswer, jobPath(id, "/reset"), { method: "POST", body }),
    onSuccess: onDone,
    onSettled: () => refresh(),
  });
}

export function useStopAll(onStopped: (answer: z.infer<typeof StopAllAnswer>) => void) {
  const refresh = useRefreshRuns();
  return useMutation({
    mutationFn: (body: StopAllBody) => api(StopAllAnswer, "/api/v1/stop-all", { method: "POST", body }),
    onSuccess: onStopped,
    onSettled: () => refresh(),
  });
}

export function useStartDemo(onStarted: (run: RunView) => void) {
  const refresh = useRefreshRuns();
  return useMutation({
    mutationFn: () => api(RunAnswer, "/api/v1/demo", { method: "POST" }),
    onSuccess: ({ run }) => {
      onStarted(run);
      return refresh(run);
    },
  });
}

export function useCreateJob() {
  const keep = useKeepJob();
  return useMutation({
    mutationFn: (body: CreateJobInput) => api(JobView, "/api/v1/jobs", { method: "POST", body }),
    onSuccess: keep,
  });
}

export function usePatchJob(id: string) {
  const keep = useKeepJob();
  return useMutation({
    mutationFn: (body: PatchJobBody) => api(JobView, jobPath(id), { method: "PATCH", body }),
    onSuccess: keep,
  });
}

export function useDeleteJob(id: string, onDeleted: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => apiNothing(jobPath(id), { method: "DELETE" }),
    onSuccess: async () => {
      onDeleted();
      await Promise.all([
        client.invalidateQueries({ queryKey: statusKeys.titles() }),
        client.invalidateQueries({ queryKey: statusKeys.jobs() }),
        client.invalidateQueries({ queryKey: [...statusKeys.all, "list"] }),
      ]);
    },
  });
}

function useKeepJob() {
  const client = useQueryClient();
  return async (job: JobView) => {
    client.setQueryData(jobKeys.job(job.id), job);
    await Promise.all([
      client.invalidateQueries({ queryKey: statusKeys.titles() }),
      client.invalidateQueries({ queryKey: statusKeys.all }),
    ]);
  };
}
