import { z } from "zod";
import { parseAllowedCommands } from "@/lib/domain/allowed-commands";
import { RECOVERY_LIMITS, type RecoveryLimits } from "@/lib/domain/auto-recovery";
import type { DiskLimits } from "@/lib/domain/disk";
import { parseInherit } from "@/lib/domain/environment";
import { AppError } from "@/lib/domain/errors";
import { HOUR_MS } from "@/lib/domain/hours";
import { RUN_AS_PATTERN } from "@/lib/domain/run-as";
import { SHUTDOWN_POLICIES } from "@/lib/domain/shutdown";
import { readListenConfig } from "@/server/listen-config.mjs";
import { factsOfThisHost, type HostFacts, type OnShutdown, onShutdown } from "./on-shutdown";
import { type Paths, pathsIn } from "./paths";
import { readSignIn, type SignInConfig } from "./sign-in";

const DAY_MS = 86_400_000;
const LOG_LEVELS = ["silent", "fatal", "error", "warn", "info", "debug", "trace"] as const;

const Environment = z.object({
  UNSTUCK_LOG_LEVEL: z
    .enum(LOG_LEVELS, { error: `expected one of ${LOG_LEVELS.join(", ")}. Example: UNSTUCK_LOG_LEVEL=info` })
    .default("info"),
  UNSTUCK_CGROUPS: z
    .enum(["auto", "off"], { error: "expected auto or off. Example: UNSTUCK_CGROUPS=off" })
    .default("auto"),
  UNSTUCK_INHERIT: inherit(),
  UNSTUCK_ALLOWED_COMMANDS: commands(),
  UNSTUCK_SECRET_KEY_FILE: z.string().default(""),
  UNSTUCK_RUN_AS: z
    .string()
    .default("")
    .refine((name) => name === "" || RUN_AS_PATTERN.test(name), {
      error: "expected the name of a user of this host. Example: UNSTUCK_RUN_AS=scraper",
    }),
  UNSTUCK_RUN_AS_DIR: z
    .string()
    .default("")
    .refine((path) => path === "" || path.startsWith("/"), {
      error: "expected an absolute path. Example: UNSTUCK_RUN_AS_DIR=/var/lib/unstuck-run-as",
    }),
  UNSTUCK_DISK_WARN_PERCENT: percent("UNSTUCK_DISK_WARN_PERCENT", 10),
  UNSTUCK_DISK_REFUSE_PERCENT: percent("UNSTUCK_DISK_REFUSE_PERCENT", 2),
  UNSTUCK_ON_SHUTDOWN: z
    .enum(["", ...SHUTDOWN_POLICIES], {
      error: `expected ${SHUTDOWN_POLICIES.join(" or ")}. Example: UNSTUCK_ON_SHUTDOWN=stop`,
    })
    .default(""),
  UNSTUCK_SHUTDOWN_BUDGET_MS: milliseconds("UNSTUCK_SHUTDOWN_BUDGET_MS", 1_000, 3_600_000, 25_000),
  UNSTUCK_READ_TIMEOUT_MS: milliseconds("UNSTUCK_READ_TIMEOUT_MS", 100, 60_000, 2_000),
  UNSTUCK_RESTART_DELAY_MS: milliseconds("UNSTUCK_RESTART_DELAY_MS", 0, 3_600_000, 500),
  UNSTUCK_PING_URL: z
    .string()
    .default("")
    .refine((text) => text === "" || isMonitor(URL.parse(text)), {
      error:
        "expected the address of a monitor, http or https, without user name and password. Example: UNSTUCK_PING_URL=https://hc-ping.com/your-uuid",
    }),
  UNSTUCK_PING_EVERY_MS: milliseconds("UNSTUCK_PING_EVERY_MS", 1_000, DAY_MS, 60_000),
  UNSTUCK_STUCK_CHECK_HOURS: hours("UNSTUCK_STUCK_CHECK_HOURS", 6),
  UNSTUCK_RECOVERY_BASE_MS: milliseconds("UNSTUCK_RECOVERY_BASE_MS", 0, DAY_MS, RECOVERY_LIMITS.baseMs),
  UNSTUCK_RECOVERY_CAP_MS: milliseconds("UNSTUCK_RECOVERY_CAP_MS", 0, DAY_MS, RECOVERY_LIMITS.capMs),
  UNSTUCK_RECOVERY_HEALTHY_MS: milliseconds(
    "UNSTUCK_RECOVERY_HEALTHY_MS",
    0,
    DAY_MS,
    RECOVERY_LIMITS.healthyMs,
  ),
});

/** Names of variables that runs are handed, too. */
function inherit() {
  return z
    .string()
    .default("")
    .transform((text, ctx) => {
      const { patterns, problems } = parseInherit(text);
      for (const message of problems) ctx.addIssue({ code: "custom", message });
      return patterns;
    });
}

/** Absolute paths of programs, and of folders with a / at their end. */
function commands() {
  return z
    .string()
    .default("")
    .transform((text, ctx) => {
      const { commands: listed, problems } = parseAllowedCommands(text);
      for (const message of problems) ctx.addIssue({ code: "custom", message });
      return listed;
    });
}

/** fetch takes no address with a user name in it. */
function isMonitor(url: URL | null): boolean {
  return url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
}

/** Numbers like 6 or 0.5, at most a year. */
function hours(name: string, usual: number) {
  const error = `expected hours from 0 to 8760 (0 switches it off). Example: ${name}=${usual}`;
  return z
    .string()
    .regex(/^(\d{1,4}(\.\d{1,6})?)?$/, { error })
    .default("")
    .transform((text) => (text === "" ? usual : Number(text)))
    .refine((value) => value <= 8_760, { error });
}

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

function milliseconds(name: string, least: number, most: number, otherwise: number) {
  const error = `expected whole milliseconds from ${least} to ${most}. Example: ${name}=${otherwise}`;
  return z
    .string()
    .regex(/^\d{0,10}$/, { error })
    .default("")
    .transform((text) => (text === "" ? otherwise : Number(text)))
    .refine((value) => value >= least && value <= most, { error });
}

export type Config = {
  readonly root: string;
  readonly paths: Paths;
  /** Accounts are switched off. */
  readonly open: boolean;
  readonly trustedProxies: readonly string[];
  readonly signIn: SignInConfig;
  /** The only programs that jobs may run; null: any. */
  readonly allowedCommands: readonly string[] | null;
  /** What a new job runs as that does not say; null: it has to. */
  readonly runAs: string | null;
  /** Instead of the data folder's own; null: that one. */
  readonly secretKeyFile: string | null;
  readonly disk: DiskLimits;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly cgroups: "auto" | "off";
  /** What runs are handed of the dashboard's environment beside the base: names and `PREFIX_*`. */
  readonly inherit: readonly string[];
  readonly onShutdown: OnShutdown;
  /** How long an orderly end may take to stop the runs, when it stops them. */
  readonly shutdownBudgetMs: number;
  /** Between the end of a run and the start of its successor, unless the request says otherwise. */
  readonly restartDelayMs: number;
  /** Between two looks at what is stuck; 0: none by itself. */
  readonly stuckCheckMs: number;
  readonly recovery: RecoveryLimits;
  /** A monitor elsewhere that is told regularly that this process works; `url` null: none is. */
  readonly ping: { readonly url: string | null; readonly everyMs: number };
  /** After so long a checkpoint, a working folder or a pid file is taken not to answer. */
  readonly readTimeoutMs: number;
};

/**
 * The environment, read once. All problems are told at once, each with the variable's name and an example.
 * @param root the project's folder
 */
export function readConfig(
  env: NodeJS.ProcessEnv,
  root: string,
  host: HostFacts = factsOfThisHost(env),
): Config {
  const listen = readListenConfig(env, root);
  const own = Environment.safeParse(env);
  const signIn = readSignIn(env, listen.ok ? listen.config : null);
  const problems = [
    ...(listen.ok ? [] : listen.problems),
    ...(own.error?.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`) ?? []),
    ...diskProblems(own.data),
    ...signIn.problems,
  ];
  if (problems.length > 0 || !listen.ok || !own.success)
    throw new AppError("CONFIG_INVALID", problems.join(" "), { problems });
  return {
    root,
    paths: pathsIn(listen.config.dataDir, own.data.UNSTUCK_RUN_AS_DIR || null),
    open: listen.config.open,
    trustedProxies: listen.config.trustedProxies,
    signIn: signIn.config,
    allowedCommands: own.data.UNSTUCK_ALLOWED_COMMANDS,
    runAs: own.data.UNSTUCK_RUN_AS || null,
    secretKeyFile: own.data.UNSTUCK_SECRET_KEY_FILE || null,
    disk: diskLimits(own.data),
    logLevel: own.data.UNSTUCK_LOG_LEVEL,
    cgroups: own.data.UNSTUCK_CGROUPS,
    inherit: own.data.UNSTUCK_INHERIT,
    onShutdown: onShutdown(own.data.UNSTUCK_ON_SHUTDOWN || null, host),
    shutdownBudgetMs: own.data.UNSTUCK_SHUTDOWN_BUDGET_MS,
    restartDelayMs: own.data.UNSTUCK_RESTART_DELAY_MS,
    readTimeoutMs: own.data.UNSTUCK_READ_TIMEOUT_MS,
    stuckCheckMs: own.data.UNSTUCK_STUCK_CHECK_HOURS * HOUR_MS,
    ping: { url: own.data.UNSTUCK_PING_URL || null, everyMs: own.data.UNSTUCK_PING_EVERY_MS },
    recovery: {
      ...RECOVERY_LIMITS,
      baseMs: own.data.UNSTUCK_RECOVERY_BASE_MS,
      capMs: own.data.UNSTUCK_RECOVERY_CAP_MS,
      healthyMs: own.data.UNSTUCK_RECOVERY_HEALTHY_MS,
    },
  };
}

type Disk = Pick<z.infer<typeof Environment>, "UNSTUCK_DISK_WARN_PERCENT" | "UNSTUCK_DISK_REFUSE_PERCENT">;

function diskLimits(env: Disk): DiskLimits {
  return { warnPercent: env.UNSTUCK_DISK_WARN_PERCENT, refusePercent: env.UNSTUCK_DISK_REFUSE_PERCENT };
}

/** A warning that comes after the refusal helps no one. */
function diskProblems(env: Disk | undefined): string[] {
  if (env === undefined) return [];
  const { warnPercent, refusePercent } = diskLimits(env);
  if (warnPercent === 0 || warnPercent >= refusePercent) return [];
  return [
    `UNSTUCK_DISK_WARN_PERCENT: expected at least UNSTUCK_DISK_REFUSE_PERCENT (${refusePercent}), found ${warnPercent}. Example: UNSTUCK_DISK_WARN_PERCENT=10`,
  ];
}
