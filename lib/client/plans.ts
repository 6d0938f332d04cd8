import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import {
  type ApplyBody,
  type ApplyDeletionBody,
  type CleanupPlanBody,
  type DeletionPlanBody,
  JobCleanupsView,
  PlanItemPage,
  PlanPage,
  PlanView,
  type UndoBody,
  UndoPreview,
} from "@/lib/contracts/cleanup";
import { parseJobId } from "@/lib/domain/ids";
import { PLAN_KINDS, type PlanKind, type PlanResult, type PlanState } from "@/lib/domain/plan";
import { api } from "./api";
import { LIVE, pollWhile } from "./polling";
import { queryString } from "./query-string";
import { useRefreshRuns } from "./runs";

export type PlanFilter = { readonly kind?: PlanKind; readonly job?: string };
export type ResultFilter = PlanResult | null;

export const planKeys = {
  all: ["plans"] as const,
  list: (filter: PlanFilter) => [...planKeys.all, "list", filter] as const,
  plan: (id: string) => [...planKeys.all, "plan", id] as const,
  items: (id: string, result: ResultFilter) => [...planKeys.all, "items", id, result] as const,
  cleanedBy: (run: string) => [...planKeys.all, "cleaned-by", run] as const,
  job: (job: string) => [...planKeys.all, "job", job] as const,
  undo: (id: string, runs: readonly string[] | null) => [...planKeys.all, "undo", id, runs] as const,
};

/** What stands in the address → the filter of the list; anything else is left out. */
export function planFilter(params: { job: string | null; kind: string | null }): PlanFilter {
  const job = parseJobId(params.job ?? "");
  const kind = PLAN_KINDS.find((one) => one === params.kind);
  return { ...(job === null ? {} : { job }), ...(kind === undefined ? {} : { kind }) };
}

export const PLANS_PER_PAGE = 50;
export const ITEMS_PER_PAGE = 100;

const planPath = (id: string, verb = "") => `/api/v1/cleanup/plans/${encodeURIComponent(id)}${verb}`;
const MOVING: readonly PlanState[] = ["applying"];
export const isMoving = (plan: PlanView | undefined): boolean =>
  plan !== undefined && MOVING.includes(plan.state);

export function plansQuery(filter: PlanFilter) {
  return infiniteQueryOptions({
    queryKey: planKeys.list(filter),
    queryFn: ({ signal, pageParam }) =>
      api(
        PlanPage,
        `/api/v1/cleanup/plans${queryString({ ...filter, limit: PLANS_PER_PAGE, cursor: pageParam })}`,
        { signal },
      ),
    initialPageParam: firstPage(),
    getNextPageParam: (last) => last.nextCursor,
    refetchInterval: ({ state }) =>
      pollWhile(state.data?.pages.some(({ items }) => items.some(isMoving)) ?? true),
    ...LIVE,
  });
}

function firstPage(): string | null {
  return null;
}

export function planQuery(id: string) {
  return queryOptions({
    queryKey: planKeys.plan(id),
    queryFn: ({ signal }) => api(PlanView, planPath(id), { signal }),
    refetchInterval: ({ state }) => pollWhile(isMoving(state.data)),
    ...LIVE,
  });
}

/** @param moving whether results come in: then the list is asked as often as the plan itself */
export function planItemsQuery(id: string, result: ResultFilter, moving: boolean) {
  return infiniteQueryOptions({
    queryKey: planKeys.items(id, result),
    queryFn: ({ signal, pageParam }) =>
      api(
        PlanItemPage,
        planPath(id, `/items${queryString({ result, limit: ITEMS_PER_PAGE, cursor: pageParam })}`),
        { signal },
      ),
    initialPageParam: firstPage(),
    getNextPageParam: (last) => last.nextCursor,
    refetchInterval: () => pollWhile(moving),
    ...LIVE,
  });
}

export function jobCleanupsQuery(job: string) {
  return queryOptions({
    queryKey: planKeys.job(job),
    queryFn: ({ signal }) =>
      api(JobCleanupsView, `/api/v1/jobs/${encodeURIComponent(job)}/cleanups`, { signal }),
    refetchInterval: () => pollWhile(false),
    ...LIVE,
  });
}

/** The plan that cleaned `run`, for its undo; null when none did. */
export function cleanedByQuery(run: string) {
  return queryOptions({
    queryKey: planKeys.cleanedBy(run),
    queryFn: async ({ signal }) => {
      const query = queryString({ kind: "cleanup", run, limit: 1 });
      const { items } = await api(PlanPage, `/api/v1/cleanup/plans${query}`, { signal });
      return items[0]?.id ?? null;
    },
    ...LIVE,
  });
}

/** What an undo would do to each run, as the server sees it now. @param runs null: all that the plan has cleaned */
export function undoPreviewQuery(id: string, runs: readonly string[] | null) {
  const body = { dryRun: true, ...(runs === null ? {} : { runs }) };
  return queryOptions({
    queryKey: planKeys.undo(id, runs),
    queryFn: ({ signal }) => api(UndoPreview, planPath(id, "/undo"), { method: "POST", body, signal }),
    // What is confirmed is what was read: it does not change under the reader's eyes.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    retry: false,
    networkMode: "always",
    staleTime: 0,
    gcTime: 0,
  });
}

/** The plan as the server has it now, and all lists that show what it touches. */
function useKeepPlan() {
  const client = useQueryClient();
  const refreshRuns = useRefreshRuns();
  return async (plan?: PlanView) => {
    if (plan !== undefined) client.setQueryData(planKeys.plan(plan.id), plan);
    await Promise.all([
      client.invalidateQueries({ queryKey: planKeys.all }),
      client.invalidateQueries({ queryKey: ["stuck"] }),
      refreshRuns(),
    ]);
  };
}

/** The dry run. It changes no run. */
export function useMakePlan(onMade: (plan: PlanView) => void) {
  const keep = useKeepPlan();
  return useMutation({
    mutationFn: (body: CleanupPlanBody) =>
      api(PlanView, "/api/v1/cleanup/plans", { method: "POST", body: { trigger: "manual", ...body } }),
    onSuccess: (plan) => {
      onMade(plan);
      return keep(plan);
    },
  });
}

export function useMakeDeletionPlan(onMade: (plan: PlanView) => void) {
  const keep = useKeepPlan();
  return useMutation({
    mutationFn: (body: DeletionPlanBody) =>
      api(PlanView, "/api/v1/deletion/plans", { method: "POST", body: { trigger: "manual", ...body } }),
    onSuccess: (plan) => {
      onMade(plan);
      return keep(plan);
    },
  });
}

export const useApplyPlan = (id: string, onDone: () => void) =>
  usePlanCommand<ApplyBody>(planPath(id, "/apply"), onDone);

export const useApplyDeletion = (id: string, onDone: () => void) =>
  usePlanCommand<ApplyDeletionBody>(`/api/v1/deletion/plans/${encodeURIComponent(id)}/apply`, onDone);

export const useAbortPlan = (id: string) =>
  usePlanCommand<Record<string, never>>(planPath(id, "/abort"), () => undefined);

export const useUndoPlan = (id: string, onDone: () => void) =>
  usePlanCommand<UndoBody & { dryRun?: never }>(planPath(id, "/undo"), onDone);

function usePlanCommand<Body>(path: string, onDone: () => void) {
  const keep = useKeepPlan();
  return useMutation({
    mutationFn: (body: Body) => api(PlanView, path, { method: "POST", body }),
    onSuccess: (plan) => {
      onDone();
      return keep(plan);
    },
    onError: () => keep(),
  });
}
