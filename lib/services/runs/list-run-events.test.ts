import { expect, test } from "vitest";
import { aContext, expectRefusal } from "@/test/a-context";
import { aRun, runId } from "@/test/factories";
import { listRunEvents } from "./list-run-events";

const run = aRun("running");
const other = aRun("completed");
const events = ["queued", "claimed", "spawned"].map((type) => ({ runId: run.id, type, data: {} }));
const given = () =>
  aContext({ runs: [run, other], events: [...events, { ...events[0], runId: other.id } as never] });

test("what happened to a run is listed oldest first, in pages, and nothing of another run", async () => {
  const ctx = given();
  const page = await listRunEvents(ctx, run.id, { limit: 2 });
  expect(page.items.map(({ type }) => type)).toEqual(["queued", "claimed"]);
  expect(page.nextCursor).toBe(String(page.items[1]?.id));
  const rest = await listRunEvents(ctx, run.id, { limit: 2, cursor: page.nextCursor ?? "" });
  expect(rest.items.map(({ type }) => type)).toEqual(["spawned"]);
  expect(rest.nextCursor).toBeNull();
  expect((await listRunEvents(ctx, run.id, { limit: 3 })).nextCursor).toBeNull();
});

test("a cursor that is no number begins at the beginning", async () => {
  const { items } = await listRunEvents(given(), run.id, { limit: 9, cursor: "x" });
  expect(items).toHaveLength(3);
});

test("there is nothing of a run that does not exist", async () => {
  const ctx = given();
  const none = runId("run_00000000000000000000");
  await expectRefusal(ctx, "RUN_NOT_FOUND", () => listRunEvents(ctx, none, { limit: 1 }));
});
