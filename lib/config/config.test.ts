import { describe, expect, test } from "vitest";
import { AppError } from "@/lib/domain/errors";
import { readConfig } from "./config";
import { logFile, pathsIn } from "./paths";

const ROOT = "/srv/unstuck";
const read = (env: Record<string, string>) => readConfig(env as unknown as NodeJS.ProcessEnv, ROOT);

function refusal(env: Record<string, string>): AppError {
  try {
    read(env);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("It was accepted.");
}

test("without any settings there is a whole configuration", () => {
  expect(read({})).toEqual({ root: ROOT, logLevel: "info", cgroups: "auto", paths: pathsIn(`${ROOT}/data`) });
});

test("all problems are told at once, each with its variable", () => {
  const error = refusal({ PORT: "http", HOST: "0.0.0.0", UNSTUCK_LOG_LEVEL: "loud" });
  expect(error.code).toBe("CONFIG_INVALID");
  const names = (error.details.problems as string[]).map((problem) => problem.split(":")[0]);
  expect(names).toEqual(["PORT", "HOST", "UNSTUCK_LOG_LEVEL"]);
});

test("a bad log level is told with the good ones and an example", () => {
  expect(refusal({ UNSTUCK_LOG_LEVEL: "INFO" }).message).toBe(
    "UNSTUCK_LOG_LEVEL: expected one of silent, fatal, error, warn, info, debug, trace. Example: UNSTUCK_LOG_LEVEL=info",
  );
});

describe("paths", () => {
  test("are all below the data folder", () => {
    for (const path of Object.values(pathsIn("/d"))) expect(path).toMatch(/^\/d(\/|$)/);
  });
  test("B1 a log lives at <data>/<job>/logs/<run>.log", () => {
    expect(logFile("/d", "shop", "run_1")).toBe("/d/shop/logs/run_1.log");
  });
});
