import { expect, test } from "vitest";
import { aProcess, someProcesses } from "@/test/some-processes";
import { clockWitness } from "../host/clock-witness";
import { whoIs } from "./who-is";

const processes = someProcesses([aProcess({ pid: 77, startTicks: 100 })]);
const clock = clockWitness(() => 5_000_000, processes.sinceBootMs);

test("FR-A12 a number that somebody has whom the system hides is not called free", () => {
  const hiding = { ...processes, isHidden: (pid: number) => pid === 78 };
  expect(whoIs({ processes: hiding, clock }, 78)).toBe("hidden");
  expect(whoIs({ processes: hiding, clock }, 79)).toBeNull();
  expect(whoIs({ processes: hiding, clock }, 77)).toMatchObject({ command: "program 77", belongsTo: null });
});
