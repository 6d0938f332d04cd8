import { expect, test } from "vitest";
import type { Job } from "@/lib/domain/job";
import { aContext, expectRefusal } from "@/test/a-context";
import { aJob, jobId, T0 } from "@/test/factories";
import { jobEnvironment } from "./job-environment";

const hostEnvironment = {
  base: { PATH: "/bin", LANG: "C" },
  others: { HTTPS_PROXY: "http://u:p@proxy", API_TOKEN: "abc", MODE: "full" },
  dotEnv: {},
};

/** What a run of this job would be given, by name. */
async function shown(changes: Partial<Job> = {}, more: Parameters<typeof aContext>[0] = {}) {
  const job = aJob(changes);
  const ctx = aContext({
    jobs: [job],
    hostEnvironment,
    tables: {
      environment: {
        use: "recorded",
        names: ["API_TOKEN", "GONE", "HTTPS_PROXY", "MODE"],
        recordedAt: T0,
      },
    },
    ...more,
  });
  const environment = await jobEnvironment(ctx, job.id);
  return { ...environment, of: (name: string) => environment.variables.find((one) => one.name === name) };
}

test("CR-7.2 a job does not lack what it sets itself", async () => {
  expect((await shown()).missing).toEqual([{ name: "GONE", from: "recorded", inDotEnv: false }]);
  expect((await shown({ env: { GONE: "1" } })).missing).toEqual([]);
  expect((await shown({ envSecret: ["GONE"] })).missing).toEqual([]);
});

test("CR-7.2 no value of the dashboard's own that looks like a password is shown", async () => {
  const { of } = await shown();
  expect(of("HTTPS_PROXY")).toMatchObject({ value: null, from: "recorded", hidden: "credentials" });
  expect(of("API_TOKEN")).toMatchObject({ value: null, from: "recorded", hidden: "credentials" });
  expect(of("MODE")).toMatchObject({ value: "full", from: "recorded", hidden: null });
  expect(of("PATH")).toMatchObject({ value: "/bin", from: "base", hidden: null });
});

test("the job's own value wins over an inherited one, and a secret is named without its value", async () => {
  const { of } = await shown({ env: { MODE: "own", LANG: "de" }, envSecret: ["API_TOKEN"] });
  expect(of("MODE")).toMatchObject({ value: "own", from: "job", hidden: null });
  expect(of("LANG")).toMatchObject({ value: "de", from: "job" });
  expect(of("API_TOKEN")).toMatchObject({ value: null, from: "secret", hidden: "secret" });
});

test("what Unstuck sets is listed; what differs in each run has no value yet", async () => {
  const { of, variables } = await shown({ checkpoint: "state.json", cwd: "/srv" });
  expect(of("UNSTUCK_JOB")).toMatchObject({ value: "nightly", from: "unstuck", hidden: null });
  expect(of("UNSTUCK_URL")?.value).toBe("http://127.0.0.1:3000");
  expect(of("UNSTUCK_CHECKPOINT")).toMatchObject({ value: "/srv/state.json", hidden: null });
  for (const name of ["UNSTUCK_RUN_TOKEN", "UNSTUCK_RUN_ID", "UNSTUCK_FENCE"])
    expect(of(name)).toMatchObject({ value: null, from: "unstuck", hidden: "each_run" });
  // Who comes through the socket is the owner: a job would be an admin by it.
  expect(of("UNSTUCK_SOCKET")).toBeUndefined();
  const names = variables.map(({ name }) => name);
  expect(names).toEqual([...names].sort());
});

test("a checkpoint is there only where there is one, and one of each lineage has no value yet", async () => {
  const { of } = await shown({});
  expect(of("UNSTUCK_CHECKPOINT")).toBeUndefined();
  const crawl = await shown({ kind: "scrapy", argv: ["scrapy", "crawl", "shop"] });
  expect(crawl.of("UNSTUCK_CHECKPOINT")).toMatchObject({ value: null, hidden: "each_run" });
});

test("a job that does not exist has no environment", async () => {
  const ctx = aContext();
  await expectRefusal(ctx, "JOB_NOT_FOUND", () => jobEnvironment(ctx, jobId("unknown")));
});
