import { type Cli, unstuck } from "./cli";
import type { Operator } from "./operator";
import type { Answer, TestServer } from "./server";
import { until } from "./until";

/** `unstuck exec JOB -- …` in the operator's folder. */
export function exec(at: { server: TestServer; op: Operator }, job: string, ...argv: readonly string[]): Cli {
  return unstuck(at.server, ["exec", job, "--", ...argv], { cwd: at.op.cwd });
}

/** The newest run of a job once there is one. */
export function runOf(op: Operator, job: string): Promise<Answer> {
  return until(`${job} has a run`, async () => (await op.runsOf(job))[0]);
}

export async function runningByHand(op: Operator, job: string): Promise<Answer> {
  return op.running((await runOf(op, job)).id);
}

export function says(cli: Cli, text: string): Promise<true> {
  return until(
    () => `it says ${text}; it said ${cli.output()}`,
    () => cli.output().includes(text),
  );
}
