import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { processesOfFolder } from "./processes";
import type { Answer, TestServer } from "./server";
import { until } from "./until";

const FINAL = ["completed", "failed", "stopped", "timed_out", "interrupted", "cleaned"];

export function isOver(run: { state: string }): boolean {
  return FINAL.includes(run.state);
}

/** What an operator does through the API, in one call each; every step expects to succeed. */
export function operator(server: Pick<TestServer, "api" | "dataDir">) {
  const { api, dataDir } = server;
  const cwd = join(dataDir, "work");
  mkdirSync(cwd, { recursive: true });

  async function call(method: string, path: string, status: number, body?: unknown): Promise<Answer> {
    const answer = await api(method, path, body);
    expect(answer, `${method} ${path}: ${JSON.stringify(answer.body)}`).toMatchObject({ status });
    return answer.body;
  }

  const makeJob = (id: string, argv: readonly string[], more: Record<string, unknown> = {}) =>
    call("POST", "/api/v1/jobs", 201, { id, argv, cwd, ...more });
  const start = async (job: string, body?: unknown) =>
    (await call("POST", `/api/v1/jobs/${job}/start`, 202, body)).run;
  const stop = async (job: string, body?: unknown) =>
    (await call("POST", `/api/v1/jobs/${job}/stop`, 202, body)).run;
  const restart = async (job: string, body?: unknown) =>
    (await call("POST", `/api/v1/jobs/${job}/restart`, 202, body)).run;
  const run = (id: string) => call("GET", `/api/v1/runs/${id}`, 200);
  const status = (job: string) => call("GET", `/api/v1/jobs/${job}/status`, 200);
  const log = (id: string) => call("GET", `/api/v1/runs/${id}/log`, 200);
  const runsOf = async (job: string) => (await call("GET", `/api/v1/runs?job=${job}&limit=200`, 200)).items;
  const events = async (id: string) => (await call("GET", `/api/v1/runs/${id}/events?limit=200`, 200)).items;

  /** A run once it is as wanted; the run as it was last seen is told when it never gets there. */
  async function runThat(id: string, what: string, wanted: (run: Answer) => boolean): Promise<Answer> {
    let last: Answer = null;
    return until(
      () => `run ${id} ${what}; it is ${JSON.stringify(last)}`,
      async () => {
        last = await run(id);
        return wanted(last) ? last : null;
      },
    );
  }

  const running = (id: string) => runThat(id, "runs", ({ state }) => state === "running");
  const over = (id: string) => runThat(id, "is over", isOver);

  /** Starts a job and waits until its program has printed `ready`, so that its traps and children are there. */
  async function startReady(job: string): Promise<Answer> {
    const { id } = await start(job);
    await until(`${job} says it is ready`, async () => String(await log(id)).includes("ready"));
    return running(id);
  }

  /** Makes a job of that program and answers its run once it runs. */
  async function runningJob(job: string, argv: readonly string[], more: Record<string, unknown> = {}) {
    await makeJob(job, argv, more);
    return running((await start(job)).id);
  }

  /** For `afterEach`: ends every run, and fails when the API says all are over while a process of one lives. */
  async function endAll(): Promise<void> {
    await until("no run is active", async () => {
      await call("POST", "/api/v1/stop-all", 202, { graceMs: 0 });
      const { items } = await call("GET", "/api/v1/runs?state=queued,starting,running,stopping", 200);
      return items.length === 0;
    });
    // A program the test itself has started carries the test's marker, and is looked after in test/children.ts.
    const left = () => processesOfFolder(dataDir).filter(({ marker }) => marker?.startsWith("run_"));
    // With its ln(1), by which it finds its claim taken.
    const isLauncher = ({ command }: { command: string }) =>
      /\/launcher-[0-9a-f]{16}\.sh |^\S*ln \S+\/claim\.launcher /.test(command);
    expect(
      left().filter((process) => !isLauncher(process)),
      "processes of runs that are over",
    ).toEqual([]);
    // One that a stop has overtaken finds its claim taken, starts nothing, and ends by itself.
    await until("no launcher of a run that is over is left", () => left().length === 0);
  }

  return {
    call,
    cwd,
    makeJob,
    start,
    stop,
    restart,
    run,
    status,
    log,
    runsOf,
    events,
    runThat,
    running,
    over,
    startReady,
    runningJob,
    endAll,
  };
}

export type Operator = ReturnType<typeof operator>;
