import { doctor } from "./doctored";
import { operator } from "./operator";
import { kill, launcherOf, processesOfRun } from "./processes";
import { program } from "./programs";
import { type Answer, startServer, type TestServer } from "./server";
import { until } from "./until";

const HOUR_MS = 3_600_000;

/** Starts a job of each name and answers its run once it runs, by name. */
export async function runningJobs(
  server: TestServer,
  jobs: Readonly<Record<string, Record<string, unknown>>>,
): Promise<Record<string, Answer>> {
  const op = operator(server);
  const runs: Record<string, Answer> = {};
  for (const [job, more] of Object.entries(jobs))
    runs[job] = await op.runningJob(job, program("forever"), more);
  return runs;
}

/**
 * What a crash of the host leaves behind: the dashboard and every process of these runs are killed, nobody writes down how they
 * ended, and the dashboard comes up again later.
 * @param ageHours by how long the runs are made older while nobody looks
 */
export async function crashHost(
  server: TestServer,
  runs: readonly Answer[],
  { ageHours = 0, env = {} }: { ageHours?: number; env?: Record<string, string> } = {},
): Promise<TestServer> {
  const launchers = runs.map(launcherOf);
  await server.kill();
  for (const pid of launchers) kill(pid, "SIGKILL");
  for (const { pid } of runs) kill(pid, "SIGKILL");
  for (const { id } of runs) await until("nothing is left of it", () => processesOfRun(id).length === 0);
  for (const run of runs) age(server.dataDir, run, ageHours);
  const next = await startServer({ dataDir: server.dataDir, env });
  for (const { id } of runs) await operator(next).over(id);
  return next;
}

/** Makes a run that many hours older than it is; only while no dashboard has it in its memory. */
export function age(dataDir: string, run: Answer, hours: number): void {
  if (hours === 0) return;
  const earlier = (instant: string) => Date.parse(instant) - hours * HOUR_MS;
  doctor(dataDir, run.id, { queuedAt: earlier(run.queuedAt), startedAt: earlier(run.startedAt) });
}
