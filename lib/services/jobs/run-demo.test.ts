import { expect, test } from "vitest";
import { AppError } from "@/lib/domain/errors";
import { aContext, actionsOf, expectRefusal } from "@/test/a-context";
import { jobId } from "@/test/factories";
import { runDemo } from "./run-demo";

test("the demo makes its job once, and starts it each time", async () => {
  const ctx = aContext();
  const first = await runDemo(ctx);
  expect(first).toMatchObject({ jobId: "demo", trigger: "manual" });
  await ctx.applyEvent(first.id, { type: "stop_requested", cause: "stop", graceMs: 0, reason: null });
  await runDemo(ctx);
  expect(actionsOf(ctx)).toEqual(["job.created", "run.start_requested", "run.start_requested"]);
  expect([...ctx.saved.jobs.keys()]).toEqual(["demo"]);
});

test("it does not run twice", async () => {
  const ctx = aContext();
  await runDemo(ctx);
  await expectRefusal(ctx, "RUN_ALREADY_ACTIVE", () => runDemo(ctx));
});

test("where its program is missing no job is made", async () => {
  const ctx = aContext({ checkCommand: () => Promise.reject(new AppError("COMMAND_NOT_FOUND", "No.")) });
  await expectRefusal(ctx, "COMMAND_NOT_FOUND", () => runDemo(ctx));
  expect(await ctx.findJob(jobId("demo"))).toBeNull();
});
