import type { Job, RunSpec } from "@/lib/domain/job";
import { resolvePath } from "@/lib/domain/paths";
import type { Run, RunTrigger } from "@/lib/domain/run";
import { withoutJobdir } from "@/lib/domain/scrapy-call";

type Args = readonly string[];

/** Starts that repeat the newest run, also where they begin from the beginning: it is wanted again, not another one. `resume`: after a shutdown. */
const REPEATS: readonly RunTrigger[] = ["restart", "recovery", "resume"];

/**
 * What a new run is given after the job's own `argv`, and how that compares with the run before it. What was asked for counts;
 * else a run that goes on from another, or repeats it, keeps that one's arguments.
 * @param parent the run it goes on from
 */
export function argsFor(
  job: Job,
  { args, trigger }: { readonly args?: Args | undefined; readonly trigger: RunTrigger },
  parent: Run | null,
  newest: Run | null,
): { readonly args: Args; readonly argsBefore: RunSpec["argsBefore"] } {
  const kept = keptFrom(trigger, parent, newest);
  const own = args ?? (kept === null ? [] : (argsOf(job, kept) ?? []));
  const before = parent ?? newest;
  const known = before === null ? null : argsOf(job, before);
  // What is neither kept nor known is no loss, and nothing to tell.
  if (before === null || (known === null && kept === null)) return { args: own, argsBefore: null };
  return { args: own, argsBefore: { run: before.id, how: comparison(own, known) } };
}

/** The run whose arguments and parameters a new one keeps; null: it has its own. */
export function keptFrom(trigger: RunTrigger, parent: Run | null, newest: Run | null): Run | null {
  return parent ?? (REPEATS.includes(trigger) ? newest : null);
}

function comparison(own: Args, before: Args | null): NonNullable<RunSpec["argsBefore"]>["how"] {
  if (before === null) return "unknown";
  const same = own.length === before.length && own.every((word, index) => word === before[index]);
  return same ? "same" : "changed";
}

/**
 * What a run was given beyond its job's `argv`. Runs of earlier versions and those started by hand kept one command line only: what
 * stands in it after the job's own. null: its job's `argv` was another one, or another system ran it.
 */
function argsOf(job: Job, { spec, imported }: Run): Args | null {
  if (spec.args !== null) return spec.args;
  if (imported !== null) return null;
  const jobdir = spec.checkpoint === null ? null : resolvePath(spec.cwd, spec.checkpoint);
  const argv = spec.kind === "scrapy" && jobdir !== null ? withoutJobdir(spec.argv, jobdir) : spec.argv;
  return job.argv.every((word, index) => argv[index] === word) ? argv.slice(job.argv.length) : null;
}
