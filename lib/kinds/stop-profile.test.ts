import { expect, test } from "vitest";
import { JOB_KINDS } from "@/lib/domain/job";
import { stopProfile } from "./stop-profile";

test("every kind is asked to end by a signal it can answer, and has time to", () => {
  const told = JOB_KINDS.map((kind) => [kind, stopProfile(kind).firstSignal]);
  expect(told).toEqual([
    ["command", "SIGTERM"],
    ["scrapy", "SIGINT"],
    ["crawlee", "SIGINT"],
  ]);
  for (const kind of JOB_KINDS) expect(stopProfile(kind).graceMs).toBeGreaterThanOrEqual(10_000);
});
