import { expect, test } from "vitest";
import { z } from "zod";
import { JobIdParam } from "@/lib/contracts/job";
import { AppError } from "@/lib/domain/errors";
import { aContext } from "@/test/a-context";
import { aJob } from "@/test/factories";
import { readJob } from "./jobs";
import { known } from "./known";

const ctx = aContext({ jobs: [aJob()] });
const page = (text: string) => known(JobIdParam, text, (id) => readJob(id, ctx));

test("a page shows what exists, and has nothing to show under an id that nothing has", async () => {
  expect(await page("nightly")).toMatchObject({ id: "nightly" });
  expect(await page("unknown")).toBeNull();
});

test("an id that nothing can have is not looked up", async () => {
  const read = () => Promise.reject(new Error("It was looked up."));
  expect(await known(JobIdParam, "no such id!", read)).toBeNull();
});

test.each(["JOB_NOT_FOUND", "RUN_NOT_FOUND", "PLAN_NOT_FOUND"] as const)("%s is no failure", async (code) => {
  expect(await known(z.string(), "x", () => Promise.reject(new AppError(code, "None.")))).toBeNull();
});

test("any other failure is for the error page", async () => {
  for (const failure of [new AppError("DATABASE_BUSY", "Later."), new TypeError("broken")])
    await expect(known(z.string(), "x", () => Promise.reject(failure))).rejects.toBe(failure);
});
