import { expect, test } from "vitest";
import { aContext } from "@/test/a-context";
import { aJob, jobId, T0 } from "@/test/factories";
import { showEnvironment } from "./show-environment";

const host = {
  base: { PATH: "/bin" },
  others: { HTTPS_PROXY: "http://u:p@proxy", MODE: "full", KEPT: "1" },
  dotEnv: { SHOP_KEY: "k" },
};
const jobs = [
  aJob({ id: jobId("a") }),
  aJob({ id: jobId("b"), env: { MODE: "own" }, envSecret: ["SHOP_KEY", "GONE"] }),
];
const names = ["GONE", "HTTPS_PROXY", "KEPT", "MODE", "SHOP_KEY"];

const given = (use: "short" | "recorded") =>
  aContext({
    jobs,
    hostEnvironment: host,
    inheritPatterns: ["KEPT", "LATER"],
    tables: { environment: { use, names, recordedAt: T0 } },
  });

test("CR-7.2 the preview tells for each name how many jobs lose it, who sets it, and what UNSTUCK_INHERIT cannot keep", async () => {
  const { recorded, jobCount } = await showEnvironment(given("recorded"));
  expect(jobCount).toBe(2);
  expect(recorded).toEqual([
    { name: "GONE", isSet: false, inDotEnv: false, stays: false, losingCount: 0, setBy: ["b"] },
    { name: "HTTPS_PROXY", isSet: true, inDotEnv: false, stays: false, losingCount: 2, setBy: [] },
    { name: "KEPT", isSet: true, inDotEnv: false, stays: true, losingCount: 0, setBy: [] },
    { name: "MODE", isSet: true, inDotEnv: false, stays: false, losingCount: 1, setBy: ["b"] },
    { name: "SHOP_KEY", isSet: true, inDotEnv: true, stays: false, losingCount: 1, setBy: ["b"] },
  ]);
});

test("what is handed on follows the policy, and what has no value here is named", async () => {
  const handed = async (use: "short" | "recorded") => {
    const { handed, missing, inherit } = await showEnvironment(given(use));
    expect(inherit).toEqual(["KEPT", "LATER"]);
    return [handed.variables.map(({ name }) => name), missing.map(({ name }) => name)];
  };
  expect(await handed("short")).toEqual([["KEPT", "PATH"], ["LATER"]]);
  expect(await handed("recorded")).toEqual([
    ["HTTPS_PROXY", "KEPT", "MODE", "PATH", "SHOP_KEY"],
    ["LATER", "GONE"],
  ]);
});

test("jobs are not counted where there is no list they could lose anything of", async () => {
  const { recorded, jobCount } = await showEnvironment(aContext({ jobs }));
  expect({ recorded, jobCount }).toEqual({ recorded: [], jobCount: 0 });
});

test("of many jobs that set a name themselves the first are named, and none of them loses it", async () => {
  const many = Array.from({ length: 25 }, (_, at) => aJob({ id: jobId(`j${at}`), env: { MODE: "own" } }));
  const ctx = aContext({
    jobs: [...many, aJob()],
    hostEnvironment: host,
    tables: { environment: { use: "recorded", names: ["MODE"], recordedAt: T0 } },
  });
  const { recorded } = await showEnvironment(ctx);
  expect(recorded).toMatchObject([{ name: "MODE", losingCount: 1 }]);
  expect(recorded[0]?.setBy).toHaveLength(20);
});
