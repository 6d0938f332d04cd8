import { describe, expect, test } from "vitest";
import { AppError } from "@/lib/domain/errors";
import { readConfig } from "./config";
import { logFile, pathsIn } from "./paths";

const ROOT = "/srv/unstuck";
const HOST = { pid: 812, engineFiles: [], containerEnv: null, cgroup: "0::/", pidNamespace: null };
const read = (env: Record<string, string>) => readConfig(env as unknown as NodeJS.ProcessEnv, ROOT, HOST);

function refusal(env: Record<string, string>): AppError {
  try {
    read(env);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("It was accepted.");
}

test("CR-7.2 UNSTUCK_INHERIT is read with every problem in it told", () => {
  expect(read({ UNSTUCK_INHERIT: "HTTPS_PROXY, AWS_*" }).inherit).toEqual(["HTTPS_PROXY", "AWS_*"]);
  const { message } = refusal({ UNSTUCK_INHERIT: "*,OK,NODE_OPTIONS" });
  expect(message).toMatch(/UNSTUCK_INHERIT: expected names and PREFIX_\*, found "\*"/);
  expect(message).toMatch(/UNSTUCK_INHERIT: NODE_OPTIONS is never passed on/);
});

test("without any settings there is a whole configuration", () => {
  const disk = { warnPercent: 10, refusePercent: 2 };
  expect(read({})).toEqual({
    root: ROOT,
    open: false,
    trustedProxies: [],
    signIn: { provider: null, proxy: null, publicUrl: null },
    allowedCommands: null,
    runAs: null,
    secretKeyFile: null,
    logLevel: "info",
    cgroups: "auto",
    inherit: [],
    disk,
    onShutdown: { policy: "leave", why: "it runs on a host" },
    shutdownBudgetMs: 25_000,
    restartDelayMs: 500,
    ping: { url: null, everyMs: 60_000 },
    readTimeoutMs: 2_000,
    stuckCheckMs: 6 * 3_600_000,
    recovery: { baseMs: 1_000, capMs: 300_000, healthyMs: 60_000, attempts: 5 },
    paths: pathsIn(`${ROOT}/data`),
  });
});

describe("the limits of the disk guard", () => {
  const disk = (warn: string, refuse: string) =>
    read({ UNSTUCK_DISK_WARN_PERCENT: warn, UNSTUCK_DISK_REFUSE_PERCENT: refuse }).disk;

  test("are percents, also broken ones, and 0 switches each off", () => {
    expect(disk("12.5", "0.5")).toEqual({ warnPercent: 12.5, refusePercent: 0.5 });
    expect(disk("0", "5")).toEqual({ warnPercent: 0, refusePercent: 5 });
    expect(disk("3", "0")).toEqual({ warnPercent: 3, refusePercent: 0 });
    expect(disk("", "")).toEqual({ warnPercent: 10, refusePercent: 2 });
  });

  test("are refused when they are no percents, both at once, with an example", () => {
    for (const bad of ["100", "-1", "two", "5%", "1e1", " "]) {
      const { details } = refusal({ UNSTUCK_DISK_WARN_PERCENT: bad, UNSTUCK_DISK_REFUSE_PERCENT: bad });
      expect(details.problems).toEqual([
        "UNSTUCK_DISK_WARN_PERCENT: expected a number from 0 to 99 (percent of the disk; 0 switches it off). Example: UNSTUCK_DISK_WARN_PERCENT=10",
        "UNSTUCK_DISK_REFUSE_PERCENT: expected a number from 0 to 99 (percent of the disk; 0 switches it off). Example: UNSTUCK_DISK_REFUSE_PERCENT=2",
      ]);
    }
  });

  test("are refused when the warning would come after the refusal", () =>
    expect(refusal({ UNSTUCK_DISK_WARN_PERCENT: "1" }).message).toContain(
      "UNSTUCK_DISK_WARN_PERCENT: expected at least",
    ));
});

test("all problems are told at once, each with its variable", () => {
  const error = refusal({ PORT: "http", HOST: "x/y", UNSTUCK_LOG_LEVEL: "loud" });
  expect(error.code).toBe("CONFIG_INVALID");
  const names = (error.details.problems as string[]).map((problem) => problem.split(":")[0]);
  expect(names).toEqual(["PORT", "HOST", "UNSTUCK_LOG_LEVEL"]);
});

test("a bad log level is told with the good ones and an example", () => {
  expect(refusal({ UNSTUCK_LOG_LEVEL: "INFO" }).message).toBe(
    "UNSTUCK_LOG_LEVEL: expected one of silent, fatal, error, warn, info, debug, trace. Example: UNSTUCK_LOG_LEVEL=info",
  );
});

test("B8 what happens to the runs at shutdown, and how long it may take, can be set", () => {
  const config = read({ UNSTUCK_ON_SHUTDOWN: "stop", UNSTUCK_SHUTDOWN_BUDGET_MS: "9000" });
  expect(config).toMatchObject({ onShutdown: { policy: "stop" }, shutdownBudgetMs: 9_000 });
  expect(refusal({ UNSTUCK_ON_SHUTDOWN: "kill" }).message).toBe(
    "UNSTUCK_ON_SHUTDOWN: expected leave or stop. Example: UNSTUCK_ON_SHUTDOWN=stop",
  );
});

test.each(["999", "3600001", "25s", "-1"])("a shutdown budget of %s is refused with the range", (value) => {
  expect(refusal({ UNSTUCK_SHUTDOWN_BUDGET_MS: value }).message).toBe(
    "UNSTUCK_SHUTDOWN_BUDGET_MS: expected whole milliseconds from 1000 to 3600000. Example: UNSTUCK_SHUTDOWN_BUDGET_MS=25000",
  );
});

test("B9 the delay of a restart can be set, also to nothing; a variable left empty is not set", () => {
  expect(read({ UNSTUCK_RESTART_DELAY_MS: "0" }).restartDelayMs).toBe(0);
  expect(read({ UNSTUCK_RESTART_DELAY_MS: "", UNSTUCK_ON_SHUTDOWN: "" })).toMatchObject({
    restartDelayMs: 500,
    readTimeoutMs: 2_000,
    onShutdown: { policy: "leave" },
  });
});

test("what the server in front knows of accounts is known here too, and a key file may be named", () => {
  expect(read({ UNSTUCK_AUTH: "off" }).open).toBe(true);
  expect(read({ UNSTUCK_TRUSTED_PROXIES: "10.0.0.0/8" }).trustedProxies).toEqual(["10.0.0.0/8"]);
  expect(read({ UNSTUCK_SECRET_KEY_FILE: "/run/secrets/key" }).secretKeyFile).toBe("/run/secrets/key");
  expect(read({ UNSTUCK_SECRET_KEY_FILE: "" }).secretKeyFile).toBeNull();
});

describe("paths", () => {
  test("are all below the data folder", () => {
    for (const path of Object.values(pathsIn("/d"))) expect(path).toMatch(/^\/d(\/|$)/);
  });
  test("B1 a log lives at <data>/<job>/logs/<run>.log", () => {
    expect(logFile("/d", "shop", "run_1")).toBe("/d/shop/logs/run_1.log");
  });
});

test("how often is looked for stuck runs is said in hours, with fractions; 0 is never", () => {
  const checkMs = (hours: string) => read({ UNSTUCK_STUCK_CHECK_HOURS: hours }).stuckCheckMs;
  expect([read({}).stuckCheckMs, checkMs(""), checkMs("0"), checkMs("0.5"), checkMs("24")]).toEqual([
    21_600_000, 21_600_000, 0, 1_800_000, 86_400_000,
  ]);
  for (const wrong of ["-1", "six", "9000", "1e3"])
    expect(() => checkMs(wrong)).toThrow("UNSTUCK_STUCK_CHECK_HOURS");
});

test("a monitor's address is one of the web, and no problem with it prints it", () => {
  expect(read({}).ping).toEqual({ url: null, everyMs: 60_000 });
  const url = "https://hc-ping.com/1b2c";
  expect(read({ UNSTUCK_PING_URL: url, UNSTUCK_PING_EVERY_MS: "5000" }).ping).toEqual({
    url,
    everyMs: 5_000,
  });
  for (const wrong of [
    "hc-ping.com/1b2c",
    "ftp://hc-ping.com/1b2c",
    "//hc-ping.com/1b2c",
    "https://",
    "https://1b2c@example.org/",
    "https://:1b2c@example.org/",
  ]) {
    const problem = () => read({ UNSTUCK_PING_URL: wrong });
    expect(problem, wrong).toThrow("UNSTUCK_PING_URL: expected the address of a monitor");
    expect(problem, wrong).not.toThrow("1b2c");
  }
  expect(() => read({ UNSTUCK_PING_EVERY_MS: "10" })).toThrow("UNSTUCK_PING_EVERY_MS");
});
