import { expect, test } from "vitest";
import { aContext, expectRefusal } from "@/test/a-context";
import { aRun, liveFacts, runId, T0 } from "@/test/factories";
import { getRun } from "./get-run";

const NO_RUN = runId("run_00000000000000000000");

test("a run is shown with its health, what becomes of its work, and the locks it holds", async () => {
  const running = aRun("running");
  const ctx = aContext({ runs: [running], live: () => liveFacts({ logBytes: 77 }) });
  const seen = await getRun(ctx, running.id);
  expect(seen).toMatchObject({
    run: { id: running.id, logBytes: 77 },
    health: { health: "healthy" },
    superseded: false,
  });
  expect(seen.recovery?.verdict).toBe("dead");
  expect(JSON.stringify(seen.facts)).toContain("job:nightly");
});

test("it says when a newer run of its job stands before it", async () => {
  const [old, newer] = [aRun("interrupted"), aRun("running")];
  const ctx = aContext({ runs: [old, newer] });
  expect((await getRun(ctx, old.id)).superseded).toBe(true);
});

test("what keeps the dashboard from looking after it comes first", async () => {
  const running = aRun("running");
  const held = { fact: "this dashboard", value: "the folder is a copy", at: T0 };
  const ctx = aContext({ runs: [running], heldBack: () => held });
  expect((await getRun(ctx, running.id)).facts?.[0]).toEqual(held);
});

test("there is no run that does not exist", async () => {
  const ctx = aContext();
  await expectRefusal(ctx, "RUN_NOT_FOUND", () => getRun(ctx, NO_RUN));
});
