import {
  keepPreviousData,
  queryOptions,
  skipToken,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import {
  type CreateScheduleInput,
  type ListedSchedule,
  type PatchScheduleInput,
  PreviewAnswer,
  type PreviewInput,
  ScheduleList,
  ScheduleView,
  UpcomingAnswer,
} from "@/lib/contracts/schedule";
import { api, apiNothing } from "./api";
import { LIVE, pollWhile } from "./polling";

export const scheduleKeys = {
  all: ["schedules"] as const,
  list: () => [...scheduleKeys.all, "list"] as const,
  job: (id: string) => [...scheduleKeys.all, "job", id] as const,
  upcoming: () => [...scheduleKeys.all, "upcoming"] as const,
  preview: (body: PreviewInput | null) => ["schedule-preview", body] as const,
};

const jobPath = (job: string) => `/api/v1/jobs/${encodeURIComponent(job)}/schedules`;
const pathOf = ({ job, id }: Pick<ScheduleView, "job" | "id">) => `${jobPath(job)}/${encodeURIComponent(id)}`;

/** All, by their next time. */
export function schedulesQuery() {
  return queryOptions({
    queryKey: scheduleKeys.list(),
    queryFn: ({ signal }) => api(ScheduleList, "/api/v1/schedules", { signal }),
    refetchInterval: ({ state }) => pollWhile(isLively(state.data?.items, Date.now())),
    ...LIVE,
  });
}

/** Those of a job, by their next time. */
export function jobSchedulesQuery(job: string) {
  return queryOptions({
    queryKey: scheduleKeys.job(job),
    queryFn: ({ signal }) => api(ScheduleList, jobPath(job), { signal }),
    refetchInterval: ({ state }) => pollWhile(isLively(state.data?.items, Date.now())),
    ...LIVE,
  });
}

/** What comes in the next hours is as it was a minute ago, but for what was changed here. */
const UPCOMING_MS = 60_000;
export const UPCOMING_HOURS = 24;

export function upcomingQuery() {
  return queryOptions({
    queryKey: scheduleKeys.upcoming(),
    queryFn: ({ signal }) =>
      api(UpcomingAnswer, `/api/v1/schedules/upcoming?hours=${UPCOMING_HOURS}`, { signal }),
    refetchInterval: UPCOMING_MS,
    ...LIVE,
  });
}

/** The next times of what is being typed. @param body null: it is not complete */
export function previewQuery(body: PreviewInput | null) {
  return queryOptions({
    queryKey: scheduleKeys.preview(body),
    queryFn:
      body === null
        ? skipToken
        : ({ signal }) => api(PreviewAnswer, "/api/v1/schedules/preview", { method: "POST", body, signal }),
    placeholderData: keepPreviousData,
    retry: false,
    networkMode: "always",
    gcTime: 60_000,
  });
}

const SOON_MS = 60_000;

/** Whether something will be seen in the next minute: a time comes, has just come, or waits. */
export function isLively(items: readonly ListedSchedule[] | undefined, now: number): boolean {
  return (items ?? []).some(
    ({ next, last }) =>
      (next !== null && Date.parse(next.at) - now < SOON_MS) ||
      last?.state === "due" ||
      last?.state === "waiting",
  );
}

export function useCreateSchedule(job: string, onDone: (made: ScheduleView) => void) {
  const refresh = useRefreshSchedules();
  return useMutation({
    mutationFn: (body: CreateScheduleInput) => api(ScheduleView, jobPath(job), { method: "POST", body }),
    onSuccess: onDone,
    onSettled: () => refresh(),
  });
}

type Changed = (changed: ScheduleView) => void;

export function usePatchSchedule(schedule: Pick<ScheduleView, "job" | "id">, onDone: Changed) {
  const refresh = useRefreshSchedules();
  return useMutation({
    mutationFn: (body: PatchScheduleInput) => api(ScheduleView, pathOf(schedule), { method: "PATCH", body }),
    onSuccess: onDone,
    onSettled: () => refresh(),
  });
}

export function useDeleteSchedule(schedule: Pick<ScheduleView, "job" | "id">, onDone: () => void) {
  const refresh = useRefreshSchedules();
  return useMutation({
    mutationFn: () => apiNothing(pathOf(schedule), { method: "DELETE" }),
    onSuccess: onDone,
    onSettled: () => refresh(),
  });
}

/** As it is now, for a form that was made from an older version. */
export function useReadSchedule() {
  return (schedule: Pick<ScheduleView, "job" | "id">) => api(ScheduleView, pathOf(schedule));
}

function useRefreshSchedules() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: scheduleKeys.all });
}
