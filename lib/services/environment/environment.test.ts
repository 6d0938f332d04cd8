import { expect, test } from "vitest";
import type { HostEnvironment } from "@/lib/domain/environment";
import { aJob, jobId } from "@/test/factories";
import { jobEnvironment } from "./job-environment";
import { showEnvironment } from "./show-environment";

const host: HostEnvironment = {
  base: { PATH: "/bin" },
  others: { HTTPS_PROXY: "http://u:p@proxy", MODE: "full", KEPT: "1" },
  dotEnv: { SHOP_KEY: "k" },
};
const jobs = [
  aJob({ id: jobId("a") }),
  aJob({ id: jobId("b"), env: { MODE: "own" }, envSecret: ["SHOP_KEY", "GONE"] }),
];
const ctx = {
  hostEnvironment: host,
  inheritPatterns: ["KEPT"],
  door: { url: "http://127.0.0.1:1", socket: null },
  lineageFolder: () => "/data/lineage",
  environmentPolicy: async () => ({
    use: "recorded" as const,
    names: ["GONE", "HTTPS_PROXY", "KEPT", "MODE", "SHOP_KEY"],
    recordedAt: 1,
  }),
  listJobsWithNewest: async () => jobs.map((job) => ({ job, newest: null })),
  findJob: async (id: string) => {
    const job = jobs.find((one) => one.id === id);
    return job === undefined ? null : { job, newest: null };
  },
};

test("CR-7.2 the preview tells for each name how many jobs lose it, who sets it, and what UNSTUCK_INHERIT cannot keep", async () => {
  const { recorded, jobCount } = await showEnvironment(ctx);
  const told = recorded.map(({ name, isSet, inDotEnv, stays, losingCount, setBy }) => [
    name,
    { isSet, inDotEnv, stays, losingCount, setBy },
  ]);
  expect(jobCount).toBe(2);
  expect(Object.fromEntries(told)).toEqual({
    GONE: { isSet: false, inDotEnv: false, stays: false, losingCount: 0, setBy: ["b"] },
    HTTPS_PROXY: { isSet: true, inDotEnv: false, stays: false, losingCount: 2, setBy: [] },
    KEPT: { isSet: true, inDotEnv: false, stays: true, losingCount: 0, setBy: [] },
    MODE: { isSet: true, inDotEnv: false, stays: false, losingCount: 1, setBy: ["b"] },
    SHOP_KEY: { isSet: true, inDotEnv: true, stays: false, losingCount: 1, setBy: ["b"] },
  });
});

test("CR-7.2 a job does not lack what it sets itself, and no value that looks like a password is shown", async () => {
  expect((await jobEnvironment(ctx, jobId("a"))).missing).toMatchObject([{ name: "GONE" }]);
  const { missing, variables } = await jobEnvironment(ctx, jobId("b"));
  expect(missing).toEqual([]);
  const of = (name: string) => variables.find((one) => one.name === name);
  expect(of("HTTPS_PROXY")).toMatchObject({ value: null, from: "recorded", hidden: "credentials" });
  expect(of("SHOP_KEY")).toMatchObject({ value: null, from: "secret", hidden: "secret" });
  expect(of("MODE")).toMatchObject({ value: "own", from: "job", hidden: null });
});
