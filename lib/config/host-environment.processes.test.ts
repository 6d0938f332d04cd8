import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startChild } from "@/test/children";
import { temporaryFolder } from "@/test/folders";
import { makeFifo, tell } from "@/test/programs";
import { until } from "@/test/until";
import { hostEnvironment } from "./host-environment";

test("FR-A1 what a Python program prints is in its log while it runs", async () => {
  const { base } = hostEnvironment({ started: { PATH: process.env.PATH ?? "" }, dotEnv: {} }, "/opt/unstuck");
  const folder = temporaryFolder();
  const fifo = makeFifo(join(folder, "go"));
  const log = openSync(join(folder, "log"), "a");
  const python = startChild("python3", ["-c", `print("page 1"); open("${fifo}").read()`], {
    env: { PYTHONUNBUFFERED: "", ...base },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  await until("its line is there", () => readFileSync(join(folder, "log"), "utf8") === "page 1\n");
  await tell(fifo, "go");
  await python.ended;
});

test("FR-A1 what the dashboard itself was started with is what runs get", () => {
  const started = { PATH: "/usr/bin", PYTHONUNBUFFERED: "" };
  expect(hostEnvironment({ started, dotEnv: {} }, "/opt/unstuck").base.PYTHONUNBUFFERED).toBe("");
});
