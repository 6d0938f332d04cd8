import { expect, test } from "vitest";
import { isAppError } from "@/lib/domain/errors";
import { jobId } from "@/test/factories";
import { changedJob, newJob } from "./new-job";

const of = (input: Parameters<typeof newJob>[2] | object) =>
  newJob(jobId("nightly"), ["x"], { env: {}, envSecret: [], ...input }, "/", 1);
const refused = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    if (isAppError(error)) return [error.code, error.message] as const;
    throw error;
  }
  return null;
};
const step = (signal: "SIGINT" | "SIGTERM" | "SIGUSR1", waitMs: number) => ({ signal, waitMs });

test("FR-A2 a new job has the signals of its kind, and its stop grace is always the sum of its waits", () => {
  expect(of({})).toMatchObject({
    timeouts: { stopGraceMs: 10_000 },
    signals: { to: "program", sequence: [step("SIGTERM", 10_000)] },
  });
  expect(of({ kind: "scrapy", timeouts: { stopGraceMs: 7 } })).toMatchObject({
    timeouts: { stopGraceMs: 7 },
    signals: { to: "program", sequence: [step("SIGINT", 7)] },
  });
  const sequence = [step("SIGUSR1", 5), step("SIGINT", 6)];
  expect(of({ signals: { to: "tree", sequence } })).toMatchObject({
    timeouts: { stopGraceMs: 11 },
    signals: { to: "tree", sequence },
  });
});

test("FR-A2 a client that knows of no sequence changes the stop grace as before", () => {
  const job = of({ signals: { sequence: [step("SIGUSR1", 5), step("SIGINT", 6)] } });
  expect(changedJob(job, { timeouts: { stopGraceMs: 8 } }, 2)).toMatchObject({
    timeouts: { stopGraceMs: 8 },
    signals: { sequence: [step("SIGUSR1", 5), step("SIGINT", 3)] },
  });
  expect(changedJob(job, { timeouts: { stopGraceMs: 90 } }, 2).signals.sequence).toEqual([
    step("SIGUSR1", 5),
    step("SIGINT", 85),
  ]);
  expect(changedJob(job, { title: "x" }, 2)).toMatchObject({ signals: job.signals, timeouts: job.timeouts });
  expect(changedJob(job, { signals: null }, 2)).toMatchObject({
    signals: { to: "program", sequence: [step("SIGTERM", 10_000)] },
    timeouts: { stopGraceMs: 10_000 },
  });
  expect(changedJob(job, { signals: { to: "group" } }, 2).signals).toEqual({ ...job.signals, to: "group" });
  expect(changedJob(of({}), { kind: "crawlee" }, 2).signals.sequence).toEqual([step("SIGINT", 10_000)]);
});

test("FR-A2 two values for the same thing in one request are refused, and equal ones are taken", () => {
  const sequence = [step("SIGINT", 5_000)];
  expect(refused(() => of({ signals: { sequence }, timeouts: { stopGraceMs: 6_000 } }))).toEqual([
    "SIGNALS_CONFLICT",
    expect.stringContaining("are 5000 ms in all, and timeouts.stopGraceMs says 6000 ms"),
  ]);
  expect(of({ signals: { sequence }, timeouts: { stopGraceMs: 5_000 } }).timeouts.stopGraceMs).toBe(5_000);
});

test("FR-F3 a second signal for a crawl is refused, also when the job only becomes one", () => {
  const sequence = [step("SIGINT", 5), step("SIGTERM", 6)];
  expect(refused(() => of({ kind: "scrapy", signals: { sequence } }))?.[0]).toBe("SIGNALS_CONFLICT");
  expect(refused(() => changedJob(of({ signals: { sequence } }), { kind: "crawlee" }, 2))?.[1]).toMatch(
    /takes one signal, found 2/,
  );
});
