import type { z } from "zod";
import type { HealthView } from "./contracts/health";
import { JobIdParam, type JobPage, type JobView } from "./contracts/job";
import type { LimitList } from "./contracts/limit";
import { ListLocksQuery, type LockPage } from "./contracts/lock";
import { MAX_PAGE_SIZE } from "./contracts/page";
import type { RecoveryView } from "./contracts/recovery";
import { ListRunsQuery, type RunEventPage, RunIdParam, type RunPage, type RunView } from "./contracts/run";
import type { StatusAnswer, StatusView } from "./contracts/status";
import { isAppError } from "./domain/errors";
import { toLimitView, toLockView } from "./http/lock-views";
import { toRecoveryView } from "./http/recovery-view";
import { toEventView, toJobView, toRunView, toStatusView } from "./http/views";
import { healthView, requestContext } from "./runtime";
import { getJob } from "./services/jobs/get-job";
import { allStatus, jobStatus } from "./services/jobs/job-status";
import { listJobs } from "./services/jobs/list-jobs";
import { listLimits } from "./services/limits/list-limits";
import { listLocks } from "./services/locks/list-locks";
import { getRecovery } from "./services/recovery/get-recovery";
import { getRun } from "./services/runs/get-run";
import { listRunEvents } from "./services/runs/list-run-events";
import { listRuns } from "./services/runs/list-runs";

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
    defaults: () => ({ cwd: requestContext().defaultCwd, demoAvailable: true }),
  };
}

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
    if (isAppError(error) && (error.code === "JOB_NOT_FOUND" || error.code === "RUN_NOT_FOUND")) return null;
    throw error;
  }
}
