import { expect, test } from "vitest";
import { startJob } from "@/lib/services/commands/start-job";
import { aContext, expectRefusal, wordsOf } from "@/test/a-context";
import { aRun } from "@/test/factories";
import { asSuccessorOf } from "./successor";

test("the ended run knows its successor from the very write that makes it", async () => {
  const ended = aRun("stopped");
  const ctx = aContext({ runs: [ended] });
  const next = await startJob(asSuccessorOf(ctx, ended, "restarted"), ended.jobId, { trigger: "restart" });
  expect(await ctx.findEvent(ended.id, ["restarted"])).toMatchObject({ data: { runId: next.id } });
});

test("no second successor is made once the job was started otherwise", async () => {
  const [ended, other] = [aRun("stopped"), aRun("completed")];
  const ctx = aContext({ runs: [ended, other] });
  await expectRefusal(ctx, "RUN_ALREADY_ACTIVE", () =>
    startJob(asSuccessorOf(ctx, ended, "resumed"), ended.jobId, { trigger: "resume" }),
  );
  expect(wordsOf(ctx, ended.id)).toEqual([]);
});
