import { infiniteQueryOptions, type QueryClient, queryOptions, skipToken } from "@tanstack/react-query";
import { z } from "zod";
import { StatusPage, StatusView } from "@/lib/contracts/status";
import { isActive } from "@/lib/domain/run";
import { api } from "./api";
import { noteServerTime } from "./connection";
import { LIVE, pollWhile } from "./polling";
import { queryString } from "./query-string";

export const statusKeys = {
  all: ["status"] as const,
  jobs: () => [...statusKeys.all, "jobs"] as const,
  list: (words: string) => [...statusKeys.all, "list", words] as const,
  job: (id: string) => [...statusKeys.all, "job", id] as const,
  titles: () => ["jobs", "titles"] as const,
  broughtTitles: () => ["jobs", "broughtTitles"] as const,
};

/** However many jobs there are, a page brings so many of them; the summary is of all. */
export const STATUS_SHOWN = 50;
export const STATUS_ORDER = "attention";

/** Jobs with their newest run: those that need an operator, then those that run, then the others. */
export function statusQuery() {
  return queryOptions({
    queryKey: statusKeys.jobs(),
    queryFn: async ({ signal }) => {
      const query = queryString({ limit: STATUS_SHOWN, order: STATUS_ORDER });
      const answer = await api(StatusPage, `/api/v1/status${query}`, { signal });
      noteServerTime(Date.parse(answer.at));
      return answer;
    },
    refetchInterval: ({ state: { data } }) =>
      pollWhile(data === undefined || data.summary.active > 0 || data.items.some(isLively)),
    ...LIVE,
  });
}

export const JOBS_PER_PAGE = 50;

/** By id. @param words that all occur in a job's id, title, kind or tags */
export function statusListQuery(words: string) {
  return infiniteQueryOptions({
    queryKey: statusKeys.list(words),
    queryFn: ({ signal, pageParam }) =>
      api(StatusPage, `/api/v1/status${queryString({ limit: JOBS_PER_PAGE, q: words, cursor: pageParam })}`, {
        signal,
      }),
    initialPageParam: firstPage(),
    getNextPageParam: (last) => last.nextCursor,
    refetchInterval: ({ state: { data } }) =>
      pollWhile(data?.pages.some((page) => page.summary.active > 0 || page.items.some(isLively)) ?? true),
    ...LIVE,
  });
}

function firstPage(): string | null {
  return null;
}

/** `tags`: what is brought with a page comes without; who may do what with a job by its tags is known a moment later. */
const JobTitles = z.object({
  items: z.array(StatusView.pick({ job: true, title: true, tags: true }).partial({ tags: true })),
});
/** They are changed by hand only. */
const TITLES_MS = 30_000;

type JobTitles = z.infer<typeof JobTitles>;

/** Has a page bring the titles of the jobs it shows. */
export function bringTitles(client: QueryClient, titles: JobTitles): void {
  client.setQueryData(statusKeys.broughtTitles(), titles);
}

/** What the page brought, and never anything else: what the server has rendered is hydrated with it. */
export function broughtTitlesQuery() {
  return queryOptions<JobTitles>({ queryKey: statusKeys.broughtTitles(), queryFn: skipToken });
}

/** Of all jobs, for pages that have not got them already. */
export function titlesQuery(enabled: boolean) {
  return queryOptions({
    queryKey: statusKeys.titles(),
    queryFn: ({ signal }) => api(JobTitles, "/api/v1/status?fields=job,title,tags", { signal }),
    refetchInterval: TITLES_MS,
    enabled,
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
