import type { EnvironmentView, JobEnvironmentView } from "@/lib/contracts/environment";
import { BASE_NAMES } from "@/lib/domain/environment";
import type { JobEnvironment } from "@/lib/services/environment/job-environment";
import type { Environment } from "@/lib/services/environment/show-environment";

export function toEnvironmentView(environment: Environment): EnvironmentView {
  const { policy, inherit, handed, recorded, jobCount, missing } = environment;
  return {
    use: policy.use,
    recordedAt: policy.recordedAt === null ? null : new Date(policy.recordedAt).toISOString(),
    base: [...BASE_NAMES],
    inherit: [...inherit],
    inherited: handed.variables.filter(({ from }) => from === "inherited").map(({ name }) => name),
    recorded: recorded.map((one) => ({ ...one, setBy: [...one.setBy] })),
    jobCount,
    missing: missing.map((one) => ({ ...one })),
  };
}

export function toJobEnvironmentView({ job, use, variables, missing }: JobEnvironment): JobEnvironmentView {
  return {
    job,
    use,
    variables: variables.map((one) => ({ ...one })),
    missing: missing.map((one) => ({ ...one })),
  };
}
