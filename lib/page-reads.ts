import type { z } from "zod";
import { type AlertPage, ListAlertsQuery } from "./contracts/alert";
import {
  type JobCleanupsView,
  ListPlanItemsQuery,
  ListPlansQuery,
  PlanIdParam,
  type PlanItemPage,
  type PlanPage,
  type PlanView,
} from "./contracts/cleanup";
import type { EnvironmentView } from "./contracts/environment";
import type { HealthView } from "./contracts/health";
import { JobIdParam, type JobPage, type JobView } from "./contracts/job";
import type { LimitList } from "./contracts/limit";
import { ListLocksQuery, type LockPage } from "./contracts/lock";
import { MAX_PAGE_SIZE, PageQuery } from "./contracts/page";
import type { RecoveryView } from "./contracts/recovery";
import { ListRunsQuery, type RunEventPage, RunIdParam, type RunPage, type RunView } from "./contracts/run";
import type { StatusAnswer, StatusView } from "./contracts/status";
import type { StraysAnswer } from "./contracts/stray";
import type { StuckAnswer, StuckCounts } from "./contracts/stuck";
import { type ErrorCode, isAppError } from "./domain/errors";
import type { PlanId } from "./domain/ids";
import { toEnvironmentView } from "./http/environment-views";
import { toLimitView, toLockView } from "./http/lock-views";
import { toJobCleanupsView, toPlanItemView, toPlanPage, toPlanView } from "./http/plan-views";
import { toRecoveryView } from "./http/recovery-view";
import { toStraysView } from "./http/stray-views";
import { toAlertView, toStuckAnswer } from "./http/stuck-views";
import { toEventView, toJobView, toRunView, toStatusView } from "./http/views";
import { healthView, requestContext } from "./runtime";
import { listAlerts } from "./services/alerts/list-alerts";
import { getPlan } from "./services/cleanup/get-plan";
import { jobCleanups } from "./services/cleanup/job-cleanups";
import { listPlanItems } from "./services/cleanup/list-plan-items";
import { listPlans } from "./services/cleanup/list-plans";
import { showEnvironment } from "./services/environment/show-environment";
import { getJob } from "./services/jobs/get-job";
import { allStatus, jobStatus } from "./services/jobs/job-status";
import { listJobs } from "./services/jobs/list-jobs";
import { listLimits } from "./services/limits/list-limits";
import { listLocks } from "./services/locks/list-locks";
import { getRecovery } from "./services/recovery/get-recovery";
import { getRun } from "./services/runs/get-run";
import { listRunEvents } from "./services/runs/list-run-events";
import { listRuns } from "./services/runs/list-runs";
import { listStrays } from "./services/strays/list-strays";
import { listStuck } from "./services/stuck/list-stuck";

const HOUR_MS = 3_600_000;

/** What server pages prefetch: the same services and views as the API, without a request to ourselves. */
export type PageReads = {
  health(): HealthView;
  status(): Promise<z.infer<typeof StatusAnswer>>;
  jobs(): Promise<z.infer<typeof JobPage>>;
  /** null: there is no such job. */
  job(id: string): Promise<JobView | null>;
  jobStatus(id: string): Promise<StatusView | null>;
  recovery(id: string): Promise<RecoveryView | null>;
  runs(query: z.input<typeof ListRunsQuery>): Promise<z.infer<typeof RunPage>>;
  run(id: string): Promise<RunView | null>;
  runEvents(id: string): Promise<z.infer<typeof RunEventPage>>;
  locks(query: z.input<typeof ListLocksQuery>): Promise<z.infer<typeof LockPage>>;
  limits(): Promise<z.infer<typeof LimitList>>;
  /** @param query.ageHours null: any age */
  stuck(query: { ageHours: number | null; limit: number }): Promise<StuckAnswer>;
  stuckCounts(): Promise<StuckCounts>;
  openAlerts(): Promise<z.infer<typeof AlertPage>>;
  strays(): Promise<StraysAnswer>;
  environment(): Promise<EnvironmentView>;
  plans(query: z.input<typeof ListPlansQuery>): Promise<z.infer<typeof PlanPage>>;
  plan(id: PlanId): Promise<PlanView | null>;
  planItems(id: PlanId, query: z.input<typeof ListPlanItemsQuery>): Promise<z.infer<typeof PlanItemPage>>;
  jobCleanups(id: string): Promise<z.infer<typeof JobCleanupsView> | null>;
  defaults(): { cwd: string; demoAvailable: boolean };
};

export function pageReads(): PageReads {
  return {
    health: healthView,
    status: async () => {
      const ctx = requestContext();
      const now = ctx.now();
      const items = (await allStatus(ctx)).map((status) => toStatusView(status, now));
      return { at: new Date(now).toISOString(), items };
    },
    jobs: async () => {
      const page = await listJobs(requestContext(), { limit: MAX_PAGE_SIZE });
      return { ...page, items: page.items.map(toJobView) };
    },
    job: (id) => known(JobIdParam, id, async (job) => toJobView(await getJob(requestContext(), job))),
    jobStatus: (id) =>
      known(JobIdParam, id, async (job) =>
        toStatusView(await jobStatus(requestContext(), job), requestContext().now()),
      ),
    recovery: (id) =>
      known(JobIdParam, id, async (job) => toRecoveryView(await getRecovery(requestContext(), job))),
    runs: async (query) => {
      const page = await listRuns(requestContext(), ListRunsQuery.parse(query));
      return { ...page, items: page.items.map((seen) => toRunView(seen, requestContext().now())) };
    },
    run: (id) =>
      known(RunIdParam, id, async (run) =>
        toRunView(await getRun(requestContext(), run), requestContext().now()),
      ),
    runEvents: async (id) => {
      const page = await listRunEvents(requestContext(), RunIdParam.parse(id), { limit: MAX_PAGE_SIZE });
      return { ...page, items: page.items.map(toEventView) };
    },
    locks: async (query) => {
      const page = await listLocks(requestContext(), ListLocksQuery.parse(query));
      return { ...page, items: page.items.map(toLockView) };
    },
    limits: async () => ({ items: (await listLimits(requestContext())).map(toLimitView) }),
    environment: async () => toEnvironmentView(await showEnvironment(requestContext())),
    ...stuckReads(),
    ...planReads(),
    defaults: () => ({ cwd: requestContext().defaultCwd, demoAvailable: true }),
  };
}

type StuckReads = Pick<PageReads, "stuck" | "stuckCounts" | "openAlerts" | "strays">;

function stuckReads(): StuckReads {
  const stuck = async ({ ageHours, limit }: { ageHours: number | null; limit: number }) => {
    const ageMs = ageHours === null ? null : ageHours * HOUR_MS;
    const seen = await listStuck(requestContext(), { ageMs, job: null, tag: null, limit, cursor: null });
    return toStuckAnswer(seen, ageHours);
  };
  return {
    stuck,
    stuckCounts: async () => (await stuck({ ageHours: null, limit: 1 })).counts,
    openAlerts: async () => {
      const page = await listAlerts(requestContext(), ListAlertsQuery.parse({ open: "1" }));
      return { ...page, items: page.items.map(toAlertView) };
    },
    strays: async () => toStraysView(await listStrays(requestContext()), requestContext().now()),
  };
}

type PlanReads = Pick<PageReads, "plans" | "plan" | "planItems" | "jobCleanups">;

function planReads(): PlanReads {
  return {
    plans: async (query) => toPlanPage(await listPlans(requestContext(), ListPlansQuery.parse(query))),
    plan: (id) => known(PlanIdParam, id, async (plan) => toPlanView(await getPlan(requestContext(), plan))),
    planItems: async (id, query) => {
      const page = await listPlanItems(requestContext(), id, ListPlanItemsQuery.parse(query));
      return { ...page, items: page.items.map(toPlanItemView) };
    },
    jobCleanups: (id) =>
      known(JobIdParam, id, async (job) =>
        toJobCleanupsView(await jobCleanups(requestContext(), job, PageQuery.parse({}))),
      ),
  };
}

const UNKNOWN: readonly string[] = ["JOB_NOT_FOUND", "RUN_NOT_FOUND", "PLAN_NOT_FOUND"] satisfies ErrorCode[];

/** null for an id nothing can have and for one nothing has; any other failure goes to the error page. */
async function known<Id, View>(
  schema: z.ZodType<Id, string>,
  text: string,
  read: (id: Id) => Promise<View>,
): Promise<View | null> {
  const id = schema.safeParse(text);
  if (!id.success) return null;
  try {
    return await read(id.data);
  } catch (error) {
    if (isAppError(error) && UNKNOWN.includes(error.code)) return null;
    throw error;
  }
}
