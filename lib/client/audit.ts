import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { AuditPage, AuditQuery, type AuditView, type EXPORT_FORMATS } from "@/lib/contracts/audit";
import { api } from "./api";
import { LIVE, pollWhile } from "./polling";
import { queryString } from "./query-string";

const Filter = AuditQuery.pick({
  actor: true,
  action: true,
  job: true,
  outcome: true,
  since: true,
  until: true,
});
export type AuditFilter = z.infer<typeof Filter>;
export const AUDIT_FILTERS = Filter.keyof().options;
export type AuditFilterName = keyof AuditFilter;

export const auditKeys = {
  all: ["audit"] as const,
  list: (filter: AuditFilter) => [...auditKeys.all, "list", filter] as const,
  newest: (filter: AuditFilter) => [...auditKeys.all, "newest", filter] as const,
};

/** What stands in the address → the filter; what cannot be one is left out rather than refused. */
export function auditFilter(params: { readonly [Name in AuditFilterName]?: unknown }): AuditFilter {
  const entries = AUDIT_FILTERS.flatMap((name) =>
    typeof params[name] === "string" && Filter.shape[name].safeParse(params[name]).success
      ? [[name, params[name]]]
      : [],
  );
  return Filter.parse(Object.fromEntries(entries));
}

export const AUDIT_PER_PAGE = 50;

/** The record as it was loaded: it grows at its end on request and never moves by itself. */
export function auditQuery(filter: AuditFilter) {
  return infiniteQueryOptions({
    queryKey: auditKeys.list(filter),
    queryFn: ({ signal, pageParam }) => fetchPage(filter, pageParam, signal),
    initialPageParam: firstPage(),
    getNextPageParam: (last) => last.nextCursor,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

/** The newest entries there are by now. */
export function newestAuditQuery(filter: AuditFilter) {
  return queryOptions({
    queryKey: auditKeys.newest(filter),
    queryFn: ({ signal }) => fetchPage(filter, null, signal),
    refetchInterval: () => pollWhile(false),
    ...LIVE,
  });
}

function firstPage(): string | null {
  return null;
}

function fetchPage(filter: AuditFilter, cursor: string | null, signal: AbortSignal) {
  const query = queryString({ ...filter, limit: AUDIT_PER_PAGE, cursor });
  return api(AuditPage, `/api/v1/audit${query}`, { signal });
}

/** How many of `newest` are not in the list yet. Ids grow with time. */
export function countNewer(loaded: readonly AuditView[], newest: readonly AuditView[]): number {
  const last = loaded[0]?.id ?? 0;
  return newest.filter(({ id }) => id > last).length;
}

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Where the record can be downloaded as it is filtered. */
export function exportHref(filter: AuditFilter, format: ExportFormat): string {
  return `/api/v1/audit/export${queryString({ format, ...filter })}`;
}
