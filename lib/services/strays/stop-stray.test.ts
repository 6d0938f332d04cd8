import { expect, test } from "vitest";
import { AppError } from "@/lib/domain/errors";
import { strayId } from "@/lib/domain/stray";
import { aContext, actionsOf, expectRefusal, wordsOf } from "@/test/a-context";
import { aJob, aRun } from "@/test/factories";
import { aStray } from "@/test/strays";
import { stopStray } from "./stop-stray";

const job = aJob({ timeouts: { ...aJob().timeouts, stopGraceMs: 30_000 } });

function given(stray = aStray(), more: Parameters<typeof aContext>[0] = {}) {
  const ctx = aContext({ jobs: [job], findStray: async () => stray, ...more });
  return { ctx, id: strayId(stray), stray };
}

test("a stop is on record before the stray is ended, and the answer says it is being ended", async () => {
  const { ctx, id, stray } = given();
  const seen = await stopStray(ctx, id, { reason: "It is not needed." });
  expect(seen).toMatchObject({
    stray: { identity: stray.identity, ending: true },
    verdict: { can: ["stop"] },
  });
  const [stop] = [...ctx.saved.stops.values()];
  expect(stop).toMatchObject({
    target: { kind: "stray", marker: stray.marker },
    identity: stray.identity,
    graceMs: 30_000,
    jobId: job.id,
    runId: stray.runId,
    actor: "operator",
  });
  expect(ctx.called).toEqual([["endStray", stray, stop]]);
  expect(ctx.saved.audits).toMatchObject([
    {
      action: "stray.stop_requested",
      jobId: job.id,
      runId: stray.runId,
      reason: "It is not needed.",
      details: {
        stray: id,
        startedAs: stray.runId,
        pids: [811, 812],
        command: stray.command,
        graceMs: 30_000,
      },
    },
  ]);
});

test("with force there is no grace", async () => {
  const { ctx, id } = given();
  await stopStray(ctx, id, { force: true });
  expect([...ctx.saved.stops.values()]).toMatchObject([{ graceMs: 0 }]);
});

test("it is asked as the run it was started as was to be asked, and that run's history says so", async () => {
  const plain = aRun("interrupted");
  const signals = { ...plain.spec.signals, sequence: [{ signal: "SIGINT" as const, waitMs: 0 }] };
  const timeouts = { ...plain.spec.timeouts, stopGraceMs: 1_234 };
  const run = { ...plain, spec: { ...plain.spec, signals, timeouts } };
  const { ctx, id } = given(aStray({ run, runId: run.id }), { runs: [run] });
  await stopStray(ctx, id, {});
  expect([...ctx.saved.stops.values()]).toMatchObject([{ graceMs: 1_234, profile: signals }]);
  expect(wordsOf(ctx, run.id)).toEqual(["stray_stop_requested"]);
  expect(ctx.saved.events[0]?.data).toEqual({ pids: [811, 812], graceMs: 1_234, firstSignal: "SIGINT" });
  expect(ctx.saved.runs.get(run.id)).toEqual(run);
});

test("one that says neither run nor job is asked in the usual way", async () => {
  const { ctx, id } = given(aStray({ jobId: null }));
  await stopStray(ctx, id, {});
  expect([...ctx.saved.stops.values()]).toMatchObject([{ graceMs: 10_000, jobId: null, once: false }]);
  expect(ctx.saved.audits[0]).not.toHaveProperty("jobId");
  expect(ctx.saved.events).toEqual([]);
});

test("a stray that is not there any more is not signalled", async () => {
  const { ctx } = given(aStray(), { findStray: async () => null });
  await expectRefusal(ctx, "STRAY_NOT_FOUND", () => stopStray(ctx, "812-4711", {}));
});

test("one that is being adopted at this moment is not ended, and its stop does not stay open", async () => {
  const endStray = () => {
    throw new AppError("STRAY_REFUSED", "It is being adopted.");
  };
  const { ctx, id } = given(aStray(), { endStray });
  await expect(stopStray(ctx, id, {})).rejects.toMatchObject({ code: "STRAY_REFUSED" });
  expect(ctx.saved.stops.size).toBe(0);
  expect(actionsOf(ctx)).toEqual(["stray.stop_requested", "stray.stop_refused"]);
  expect(ctx.saved.audits.at(-1)?.reason).toBe("It is being adopted.");
});
