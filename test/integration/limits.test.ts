import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { cleanUp, startServer, type TestServer } from "../server";

let server: TestServer;
let op: Operator;

beforeAll(async () => {
  server = await startServer();
  op = operator(server);
});
afterEach(() => op.endAll());
afterAll(cleanUp);

const speaksOnce = ["/bin/sh", "-c", "echo ready; exec sleep 600"];
const neverSpeaks = ["/bin/sleep", "600"];

test("C2 a run that has spoken and then went silent is stopped and timed out, with the time it was silent", async () => {
  const run = await op.runningJob("quiet", speaksOnce, { timeouts: { silenceMs: 1_000 } });
  expect(await op.over(run.id)).toMatchObject({
    state: "timed_out",
    cause: "silence",
    reason: expect.stringContaining("No sign of life for"),
  });
  expect(await op.status("quiet")).toMatchObject({ state: "TIMEOUT", running: false });
});

test("a run that never spoke, and one that is only to be flagged, are shown as silent and left alone", async () => {
  const timeouts = { silenceMs: 1_000 };
  const mute = await op.runningJob("mute", neverSpeaks, { timeouts });
  const flagged = await op.runningJob("flagged", speaksOnce, { timeouts, onSilence: "flag" });
  // Younger than both, and over its limit: when the supervisor has ended it, it has judged the others too.
  const witness = await op.runningJob("witness", speaksOnce, { timeouts });
  expect(await op.over(witness.id)).toMatchObject({ state: "timed_out" });
  for (const { id } of [mute, flagged]) {
    expect(await op.run(id)).toMatchObject({ state: "running", health: "silent" });
  }
});

test("C2 a run that lasts longer than its job allows is stopped and timed out, however much it says", async () => {
  const chatty = ["/bin/sh", "-c", "while :; do echo busy; sleep 0.1; done"];
  const run = await op.runningJob("long", chatty, { timeouts: { maxDurationMs: 1_000 } });
  expect(await op.over(run.id)).toMatchObject({ state: "timed_out", cause: "max_duration" });
});
