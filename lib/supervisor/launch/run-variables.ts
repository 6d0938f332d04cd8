import { resolve } from "node:path";
import { lockLabel } from "@/lib/domain/lock";
import { toVariables } from "@/lib/domain/parameters";
import type { Run } from "@/lib/domain/run";
import type { SupervisorPorts } from "../watch/ports";

/**
 * The owner's socket is not among them: through it a run could do everything, and its own token speaks for itself alone. The run's marker is what finds its processes again, so nothing a job sets may replace the variables below.
 */
export function runVariables(ports: SupervisorPorts, run: Run): Record<string, string> {
  // Its launcher's, by which its folder is known; a program of another user is given another (run-user.ts).
  const progressFile = `${ports.paths.runs}/${run.id}/progress.json`;
  return {
    ...run.spec.env,
    ...parameterVariables(run),
    UNSTUCK_RUN: `${run.id}.${run.token}`,
    UNSTUCK_RUN_ID: run.id,
    UNSTUCK_JOB: run.jobId,
    UNSTUCK_RUN_TOKEN: run.token,
    UNSTUCK_URL: ports.url,
    UNSTUCK_PROGRESS_FILE: progressFile,
    ...(run.spec.checkpoint === null
      ? {}
      : { UNSTUCK_CHECKPOINT: resolve(run.spec.cwd, run.spec.checkpoint) }),
    ...(run.parentRunId === null ? {} : { UNSTUCK_RESUME: "1" }),
  };
}

/** Those that are secret come with the other secrets, at the launch. */
function parameterVariables({
  spec: { parameters, parametersSecret },
}: Run): Readonly<Record<string, string>> {
  const plain = Object.entries(parameters ?? {}).filter(([name]) => !parametersSecret.includes(name));
  return toVariables(Object.fromEntries(plain));
}

/** The numbers by which something outside can tell this run from one that held the same lock before or after it. */
export function fenceEnvironment(
  run: Run,
  held: readonly { readonly name: string; readonly fence: number }[],
): Record<string, string> {
  const own = held.find(({ name }) => name === `job:${run.jobId}`);
  const shared = held.filter((lock) => lock !== own).map(({ name, fence }) => [lockLabel(name), fence]);
  return {
    ...(own === undefined ? {} : { UNSTUCK_FENCE: String(own.fence) }),
    UNSTUCK_FENCES: JSON.stringify(Object.fromEntries(shared)),
  };
}
