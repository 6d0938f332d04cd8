import { queryOptions } from "@tanstack/react-query";
import { StatusAnswer, StatusView } from "@/lib/contracts/status";
import { isActive } from "@/lib/domain/run";
import { api } from "./api";
import { noteServerTime } from "./connection";
import { LIVE, pollWhile } from "./polling";

export const statusKeys = {
  all: ["status"] as const,
  jobs: () => [...statusKeys.all, "jobs"] as const,
  job: (id: string) => [...statusKeys.all, "job", id] as const,
};

/** All jobs with their newest run. */
export function statusQuery() {
  return queryOptions({
    queryKey: statusKeys.jobs(),
    queryFn: async ({ signal }) => {
      const answer = await api(StatusAnswer, "/api/v1/status", { signal });
      noteServerTime(Date.parse(answer.at));
      return answer;
    },
    refetchInterval: (query) => pollWhile(query.state.data?.items.some(isLively) ?? true),
    ...LIVE,
  });
}

export function jobStatusQuery(id: string) {
  return queryOptions({
    queryKey: statusKeys.job(id),
    queryFn: ({ signal }) => api(StatusView, `/api/v1/jobs/${encodeURIComponent(id)}/status`, { signal }),
    refetchInterval: (query) => pollWhile(query.state.data === undefined || isLively(query.state.data)),
    ...LIVE,
  });
}

function isLively(status: StatusView): boolean {
  return hasActiveRun(status) || status.foreign !== null;
}

export function hasActiveRun(status: StatusView): boolean {
  return status.run !== null && isActive(status.run.state);
}
