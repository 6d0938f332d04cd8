import { z } from "zod";
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
});

export type Config = {
  readonly root: string;
  readonly paths: Paths;
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
  ];
  if (!listen.ok || !own.success) throw new AppError("CONFIG_INVALID", problems.join(" "), { problems });
  return {
    root,
    paths: pathsIn(listen.config.dataDir),
    logLevel: own.data.UNSTUCK_LOG_LEVEL,
    cgroups: own.data.UNSTUCK_CGROUPS,
  };
}
