import { expect, test } from "vitest";
import { aContext, expectRefusal } from "@/test/a-context";
import { aRun, runId } from "@/test/factories";
import { offerLaunch, withdrawLaunch } from "./offer-launch";

const run = aRun("queued", { token: "s3cret" });
const OFFER = { command: ["sh"], env: {}, cwd: "/", folder: "/data" };
const NO_RUN = runId("run_00000000000000000000");

test("the terminal that asked for a run is told how to launch it once it is its turn", async () => {
  const ctx = aContext({ runs: [run], launchOffer: (id) => (id === run.id ? OFFER : null) });
  expect(await offerLaunch(ctx, run.id, "s3cret")).toEqual({ run, launch: OFFER });
  const waiting = aContext({ runs: [run] });
  expect(await offerLaunch(waiting, run.id, "s3cret")).toEqual({ run, launch: null });
});

test("a terminal that does not want it any more takes it out of the queue, and the audit says why", async () => {
  const ctx = aContext({ runs: [run] });
  await withdrawLaunch(ctx, run.id, "s3cret");
  expect(ctx.saved.runs.get(run.id)?.state).toBe("stopped");
  expect(ctx.saved.audits).toMatchObject([
    { action: "run.stop_requested", reason: "its terminal no longer wants it" },
  ]);
});

test("nobody else may launch or withdraw it", async () => {
  const ctx = aContext({ runs: [run], launchOffer: () => OFFER });
  for (const token of [null, "", "other"]) {
    await expectRefusal(ctx, "RUN_TOKEN_INVALID", () => offerLaunch(ctx, run.id, token));
    await expectRefusal(ctx, "RUN_TOKEN_INVALID", () => withdrawLaunch(ctx, run.id, token));
  }
  await expectRefusal(ctx, "RUN_NOT_FOUND", () => offerLaunch(ctx, NO_RUN, "s3cret"));
  await expectRefusal(ctx, "RUN_NOT_FOUND", () => withdrawLaunch(ctx, NO_RUN, "s3cret"));
});

test("what is over cannot be withdrawn", async () => {
  const over = aRun("completed", { token: "s3cret" });
  const ctx = aContext({ runs: [over] });
  await expect(withdrawLaunch(ctx, over.id, "s3cret")).rejects.toMatchObject({ code: "NOT_RUNNING" });
  expect(ctx.saved.runs.get(over.id)).toEqual(over);
});
