import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { endChild, startChild } from "@/test/children";
import { temporaryFolder } from "@/test/folders";
import { until } from "@/test/until";
import { processesOfThisHost } from "../processes/of-this-host";
import { findStateHolder, refuseHeldState } from "./state-holder";

const processes = processesOfThisHost();
let cwd: string;
beforeEach(() => {
  cwd = temporaryFolder();
});

/** One process that lasts, told these things. */
async function sleeper(args: readonly string[], env: Record<string, string> = {}) {
  const child = startChild(process.execPath, ["-e", "setTimeout(() => {}, 600_000)", "--", ...args], {
    cwd,
    env,
  });
  await until("it has become that program", () =>
    readFileSync(`/proc/${child.pid}/cmdline`, "latin1").includes("600_000"),
  );
  return child;
}

const of = (kind: "command" | "scrapy" | "crawlee", checkpoint: string | null = "state") => ({
  kind,
  cwd,
  checkpoint,
  runAs: null,
});

test("a live process that was told to work in a JOBDIR or storage is found, and in its own only", async () => {
  const state = join(cwd, "state");
  expect(await findStateHolder(processes, of("scrapy"))).toBeNull();
  const byArgument = await sleeper(["crawl", "-s", `JOBDIR=${state}`]);
  expect(await findStateHolder(processes, of("scrapy"))).toMatchObject({ pid: byArgument.pid });
  expect(await findStateHolder(processes, of("scrapy", state))).not.toBeNull();
  for (const other of [of("command"), of("scrapy", "state-2"), of("scrapy", "stat"), of("scrapy", null)])
    expect(await findStateHolder(processes, other)).toBeNull();
  await endChild(byArgument);

  const byVariable = await sleeper([], { CRAWLEE_STORAGE_DIR: state });
  expect(await findStateHolder(processes, of("crawlee"))).toMatchObject({ pid: byVariable.pid });
  await expect(refuseHeldState(processes, of("crawlee"), null)).rejects.toMatchObject({
    code: "FOREIGN_PROCESS",
    message: expect.stringContaining(`process ${byVariable.pid}`),
  });
  await endChild(byVariable);
  await until("nobody holds it", async () => (await findStateHolder(processes, of("crawlee"))) === null);
});

test("FR-F17 it is found by the name it was told, whether that goes through a link or not", async () => {
  const real = join(cwd, "releases/1");
  for (const told of [join(cwd, "state"), join(real, "state")]) {
    const crawl = await sleeper(["crawl", "-s", `JOBDIR=${told}`]);
    expect(await findStateHolder(processes, of("scrapy"), real)).toMatchObject({ pid: crawl.pid });
    await expect(refuseHeldState(processes, of("scrapy"), real)).rejects.toThrow(`process ${crawl.pid}`);
    await endChild(crawl);
  }
});

test("whoever only looks at the files does not hold them", async () => {
  const reader = await sleeper(["tail", "-f", join(cwd, "state/items.jsonl")]);
  expect(await findStateHolder(processes, of("scrapy"))).toBeNull();
  await endChild(reader);
});
