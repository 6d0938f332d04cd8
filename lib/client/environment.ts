import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { type EnvironmentBody, EnvironmentView, JobEnvironmentView } from "@/lib/contracts/environment";
import { api } from "./api";

export const environmentKeys = {
  all: ["environment"] as const,
  job: (id: string, version: number) => ["environment", "job", id, version] as const,
};

/** It changes by a button on these pages and by a restart only, so it is not polled. */
export function environmentQuery() {
  return queryOptions({
    queryKey: environmentKeys.all,
    queryFn: ({ signal }) => api(EnvironmentView, "/api/v1/environment", { signal }),
  });
}

/** @param version the job's: with another one the query runs again */
export function jobEnvironmentQuery(id: string, version: number) {
  return queryOptions({
    queryKey: environmentKeys.job(id, version),
    queryFn: ({ signal }) =>
      api(JobEnvironmentView, `/api/v1/jobs/${encodeURIComponent(id)}/environment`, { signal }),
  });
}

export function useChangeEnvironment(onDone: (environment: EnvironmentView) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: EnvironmentBody) =>
      api(EnvironmentView, "/api/v1/environment", { method: "PUT", body }),
    onSuccess: onDone,
    onSettled: () => client.invalidateQueries({ queryKey: environmentKeys.all }),
  });
}
