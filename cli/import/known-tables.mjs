import { LIST_COLUMN } from "./json.mjs";
import { plain } from "./words.mjs";

/**
 * Tables of programs people come from. A field's columns are joined with + and tried in turn with |, as in `--map`.
 * @typedef {{ name: string, has: readonly string[], fields: Partial<Record<import("./names.mjs").Field, string>>, states?: Record<string, string>, note?: string, onSeveralHosts?: true }} KnownTable
 * `onSeveralHosts`: its pids may be those of other hosts, and it does not say of which.
 */

const FINISHED =
  "“finished” says only that the process ended, not whether it succeeded; it is taken for completed";

/** The more special first. @type {readonly KnownTable[]} */
export const KNOWN_TABLES = [
  {
    name: "Scrapyd's listjobs.json",
    has: [LIST_COLUMN, "spider", "id"],
    fields: {
      job: "spider",
      externalId: "id",
      state: LIST_COLUMN,
      startedAt: "start_time",
      endedAt: "end_time",
      pid: "pid",
      host: "node_name",
    },
    note: FINISHED,
  },
  {
    name: "ScrapydWeb's table of jobs",
    has: ["project", "spider", "job", "status", "start", "finish"],
    fields: {
      job: "spider",
      externalId: "project+spider+job",
      state: "status",
      startedAt: "start",
      endedAt: "finish",
      lastActivityAt: "update_time",
      pid: "pid",
      extracted: "items",
    },
    onSeveralHosts: true,
    states: { 0: "queued", 1: "running", 2: "completed" },
    note: FINISHED,
  },
  {
    name: "Airflow's task_instance",
    has: ["dag_id", "task_id", "run_id", "state", "start_date"],
    fields: {
      job: "dag_id+task_id",
      externalId: "dag_id+task_id+run_id+map_index+try_number",
      state: "state",
      startedAt: "start_date",
      endedAt: "end_date",
      lastActivityAt: "last_heartbeat_at",
      pid: "pid",
      host: "hostname",
    },
  },
  {
    name: "Airflow's dag_run",
    has: ["dag_id", "run_id", "state"],
    fields: {
      job: "dag_id",
      externalId: "dag_id+run_id",
      state: "state",
      startedAt: "start_date",
      endedAt: "end_date",
      lastActivityAt: "last_scheduling_decision",
    },
  },
  {
    name: "Celery's task results (django-celery-results)",
    has: ["task_id", "task_name", "status", "date_done"],
    fields: {
      job: "periodic_task_name|task_name",
      externalId: "task_id",
      state: "status",
      startedAt: "date_started|date_created",
      endedAt: "date_done",
      host: "worker",
      error: "traceback",
    },
  },
  {
    name: "Celery's task results (SQLAlchemy)",
    has: ["task_id", "status", "date_done", "name"],
    fields: {
      job: "name",
      externalId: "task_id",
      state: "status",
      endedAt: "date_done",
      host: "worker",
      error: "traceback",
    },
  },
  {
    name: "Prefect's flow runs",
    has: ["flow_id", "start_time", "expected_start_time"],
    fields: {
      job: "flow_name|deployment_name|deployment_id|flow_id",
      externalId: "id",
      state: "state_type|state.type",
      startedAt: "start_time",
      endedAt: "end_time",
      lastActivityAt: "updated",
      pid: "infrastructure_pid",
      error: "state.message",
    },
    onSeveralHosts: true,
  },
  {
    name: "Crawlab's tasks",
    has: ["_id", "spider_id", "status", "node_id"],
    fields: {
      job: "spider.name|spider_name|spider_id",
      externalId: "_id",
      state: "status",
      startedAt: "stat.start_ts|start_ts|created_at|created_ts|create_ts",
      endedAt: "stat.end_ts|end_ts|finish_ts",
      lastActivityAt: "updated_at|updated_ts|update_ts",
      pid: "pid",
      extracted: "stat.result_count|result_count",
      error: "error",
    },
    onSeveralHosts: true,
  },
  {
    name: "pg_cron's job_run_details",
    has: ["jobid", "runid", "job_pid", "status"],
    fields: {
      job: "jobname|jobid",
      externalId: "runid",
      state: "status",
      startedAt: "start_time",
      endedAt: "end_time",
      pid: "job_pid",
      error: "return_message",
    },
    onSeveralHosts: true,
  },
];

/** @param {readonly string[]} columns */
export function knownTableOf(columns) {
  const names = new Set(columns.map(plain));
  return KNOWN_TABLES.find(({ has }) => has.every((name) => names.has(plain(name)))) ?? null;
}
