import type { EnvironmentPolicy, HandedOn, InheritPattern, MissingVariable } from "@/lib/domain/environment";
import { handedOn } from "@/lib/domain/environment";
import type { Job } from "@/lib/domain/job";
import type { EnvironmentHere, Environments } from "@/lib/domain/ports/environment";
import type { Jobs } from "@/lib/domain/ports/jobs";

export type EnvironmentNeeds = Pick<EnvironmentHere, "hostEnvironment" | "inheritPatterns"> &
  Pick<Environments, "environmentPolicy">;

type Needs = EnvironmentNeeds & Pick<Jobs, "listJobsWithNewest">;

/** A name of the recorded list, and what the short environment would change about it. */
export type RecordedName = {
  readonly name: string;
  readonly isSet: boolean;
  /** Only `.env` sets it, so `UNSTUCK_INHERIT` cannot keep it. */
  readonly inDotEnv: boolean;
  readonly stays: boolean;
  readonly losingCount: number;
  readonly setBy: readonly string[];
};

export type Environment = {
  readonly policy: EnvironmentPolicy;
  readonly inherit: readonly InheritPattern[];
  readonly handed: HandedOn;
  readonly recorded: readonly RecordedName[];
  readonly jobCount: number;
  readonly missing: readonly MissingVariable[];
};

const SHOWN_JOBS = 20;

/** What runs are handed of the dashboard's own environment, and which job would lose what with the short one. */
export async function showEnvironment(ctx: Needs): Promise<Environment> {
  const policy = await ctx.environmentPolicy();
  const jobs = policy.names.length === 0 ? [] : (await ctx.listJobsWithNewest()).map(({ job }) => job);
  const { hostEnvironment: host, inheritPatterns } = ctx;
  const handed = handedOn(host, inheritPatterns, policy);
  const short = handedOn(host, inheritPatterns, { ...policy, use: "short" });
  const staying = new Set(short.variables.map(({ name }) => name));
  const recorded = policy.names.map((name): RecordedName => {
    const isSet = (host.others[name] ?? host.dotEnv[name]) !== undefined;
    const inDotEnv = host.others[name] === undefined && host.dotEnv[name] !== undefined;
    const stays = staying.has(name);
    const setBy = jobs.filter((job) => setsItself(job, name)).map(({ id }) => id);
    const losingCount = isSet && !stays ? jobs.length - setBy.length : 0;
    return { name, isSet, inDotEnv, stays, losingCount, setBy: setBy.slice(0, SHOWN_JOBS) };
  });
  return {
    policy,
    inherit: inheritPatterns,
    handed,
    recorded,
    jobCount: jobs.length,
    missing: handed.missing,
  };
}

function setsItself({ env, envSecret, envFrom }: Job, name: string): boolean {
  return Object.hasOwn(env, name) || envSecret.includes(name) || Object.hasOwn(envFrom, name);
}
