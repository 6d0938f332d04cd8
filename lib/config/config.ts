import { z } from "zod";
import type { DiskLimits } from "@/lib/domain/disk";
import { AppError } from "@/lib/domain/errors";
import { readListenConfig } from "@/server/listen-config.mjs";
import { type Paths, pathsIn } from "./paths";

const LOG_LEVELS = ["silent", "fatal", "error", "warn", "info", "debug", "trace"] as const;

const Environment = z.object({
  UNSTUCK_LOG_LEVEL: z
    .enum(LOG_LEVELS, { error: `expected one of ${LOG_LEVELS.join(", ")}. Example: UNSTUCK_LOG_LEVEL=info` })
    .default("info"),
  UNSTUCK_CGROUPS: z
    .enum(["auto", "off"], { error: "expected auto or off. Example: UNSTUCK_CGROUPS=off" })
    .default("auto"),
  UNSTUCK_DISK_WARN_PERCENT: percent("UNSTUCK_DISK_WARN_PERCENT", 10),
  UNSTUCK_DISK_REFUSE_PERCENT: percent("UNSTUCK_DISK_REFUSE_PERCENT", 2),
});

/** Percent of the disk; numbers like 2 or 0.5. An empty value counts as not set, as in a copied .env. */
function percent(name: string, usual: number) {
  const error = `expected a number from 0 to 99 (percent of the disk; 0 switches it off). Example: ${name}=${usual}`;
  return z.preprocess(
    (value) => (value === "" ? undefined : value),
    z
      .string()
      .regex(/^\d{1,2}(\.\d+)?$/, { error })
      .transform(Number)
      .default(usual),
  );
}

export type Config = {
  readonly root: string;
  readonly paths: Paths;
  readonly disk: DiskLimits;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly cgroups: "auto" | "off";
};

/**
 * The environment, read once. All problems are told at once, each with the variable's name and an example.
 * @param root the project's folder
 */
export function readConfig(env: NodeJS.ProcessEnv, root: string): Config {
  const listen = readListenConfig(env, root);
  const own = Environment.safeParse(env);
  const problems = [
    ...(listen.ok ? [] : listen.problems),
    ...(own.error?.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`) ?? []),
    ...diskProblems(own.data),
  ];
  if (problems.length > 0 || !listen.ok || !own.success)
    throw new AppError("CONFIG_INVALID", problems.join(" "), { problems });
  return {
    root,
    paths: pathsIn(listen.config.dataDir),
    disk: diskLimits(own.data),
    logLevel: own.data.UNSTUCK_LOG_LEVEL,
    cgroups: own.data.UNSTUCK_CGROUPS,
  };
}

type Disk = Pick<z.infer<typeof Environment>, "UNSTUCK_DISK_WARN_PERCENT" | "UNSTUCK_DISK_REFUSE_PERCENT">;

function diskLimits(env: Disk): DiskLimits {
  return { warnPercent: env.UNSTUCK_DISK_WARN_PERCENT, refusePercent: env.UNSTUCK_DISK_REFUSE_PERCENT };
}

/** A warning that comes after the refusal warns nobody. */
function diskProblems(env: Disk | undefined): string[] {
  if (env === undefined) return [];
  const { warnPercent, refusePercent } = diskLimits(env);
  if (warnPercent === 0 || warnPercent >= refusePercent) return [];
  return [
    `UNSTUCK_DISK_WARN_PERCENT: expected at least UNSTUCK_DISK_REFUSE_PERCENT (${refusePercent}), found ${warnPercent}. Example: UNSTUCK_DISK_WARN_PERCENT=10`,
  ];
}
