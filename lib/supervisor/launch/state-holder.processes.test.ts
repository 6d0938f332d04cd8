import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { endChild, startChild } from "@/test/children";
import { temporaryFolder } from "@/test/folders";
import { AS_OTHER_USER, NO_OTHER_USER } from "@/test/other-user";
import { until } from "@/test/until";
import { processesOfThisHost } from "../processes/of-this-host";
import { findStateHolder, refuseHeldState } from "./state-holder";

const processes = processesOfThisHost();
const ME = process.getuid?.();
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
  expect(await findStateHolder(processes, of("scrapy"), ME)).toBeNull();
  const byArgument = await sleeper(["crawl", "-s", `JOBDIR=${state}`]);
  expect(await findStateHolder(processes, of("scrapy"), ME)).toMatchObject({ pid: byArgument.pid });
  expect(await findStateHolder(processes, of("scrapy", state), ME)).not.toBeNull();
  for (const other of [of("command"), of("scrapy", "state-2"), of("scrapy", "stat"), of("scrapy", null)])
    expect(await findStateHolder(processes, other, ME)).toBeNull();
  await endChild(byArgument);

  const byVariable = await sleeper([], { CRAWLEE_STORAGE_DIR: state });
  expect(await findStateHolder(processes, of("crawlee"), ME)).toMatchObject({ pid: byVariable.pid });
  await expect(refuseHeldState(processes, of("crawlee"), ME, null)).rejects.toMatchObject({
    code: "FOREIGN_PROCESS",
    message: expect.stringContaining(`process ${byVariable.pid}`),
  });
  await endChild(byVariable);
  await until("nobody holds it", async () => (await findStateHolder(processes, of("crawlee"), ME)) === null);
});

test("FR-F17 it is found by the name it was told, whether that goes through a link or not", async () => {
  const real = join(cwd, "releases/1");
  for (const told of [join(cwd, "state"), join(real, "state")]) {
    const crawl = await sleeper(["crawl", "-s", `JOBDIR=${told}`]);
    expect(await findStateHolder(processes, of("scrapy"), ME, real)).toMatchObject({ pid: crawl.pid });
    await expect(refuseHeldState(processes, of("scrapy"), ME, real)).rejects.toThrow(`process ${crawl.pid}`);
    await endChild(crawl);
  }
});

test.skipIf(NO_OTHER_USER)(
  "one of another user than the job's and root holds nothing: it could say so of any folder",
  async () => {
    const crawl = ["crawl", "-s", `JOBDIR=${join(cwd, "state")}`];
    const [setpriv = "", ...args] = AS_OTHER_USER;
    const theirs = startChild(setpriv, [...args, "perl", "-e", "sleep 600", ...crawl]);
    await until("it is that user's", () => statSync(`/proc/${theirs.pid}`).uid !== ME);
    expect(await findStateHolder(processes, of("scrapy"), ME)).toBeNull();
    const { uid } = statSync(`/proc/${theirs.pid}`);
    expect(await findStateHolder(processes, of("scrapy"), uid)).toMatchObject({ pid: theirs.pid });
    await endChild(theirs);
  },
);

test("whoever only looks at the files does not hold them", async () => {
  const reader = await sleeper(["tail", "-f", join(cwd, "state/items.jsonl")]);
  expect(await findStateHolder(processes, of("scrapy"), ME)).toBeNull();
  await endChild(reader);
});
