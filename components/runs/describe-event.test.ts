import { describe, expect, it } from "vitest";
import { describeEvent } from "./describe-event";

const words = (type: string, data: Record<string, unknown>) => {
  const { title, facts } = describeEvent({ id: 1, at: "2026-01-01T00:00:00Z", type, data });
  return facts === "" ? title : `${title}: ${facts}`;
};

describe("describeEvent", () => {
  it.each<[string, Record<string, unknown>, string]>([
    ["queued", { trigger: "manual", actor: "operator" }, "Requested: manual · by operator"],
    ["spawned", { process: { pid: 7, startTicks: 1 }, from: "starting" }, "Process started: process 7"],
    ["spawned", { process: null }, "Process started"],
    [
      "stop_requested",
      { cause: "silence", reason: null, graceMs: 0 },
      "Stop requested: It was silent for too long · at once",
    ],
    [
      "stop_requested",
      { cause: "stop", reason: "Stopped by operator.", graceMs: 10_000 },
      "Stop requested: by operator · 10 s to end by itself",
    ],
    [
      "signal_sent",
      { signal: "SIGINT", asked: "program", step: 0, pids: [7], processes: [] },
      "Signal sent: SIGINT to the program · 7",
    ],
    [
      "signal_sent",
      { signal: "SIGINT", asked: "others", step: null, pids: [8, 9] },
      "Signal sent: SIGINT to those that were not asked before · 8, 9",
    ],
    ["signal_sent", { signal: "SIGTERM", pids: [7, 8] }, "Signal sent: SIGTERM · to 7, 8"],
    [
      "signal_sent",
      { signal: "SIGTERM", asked: "program", step: 0, pids: [], notPermitted: [7], processes: [] },
      "Signal sent: SIGTERM to the program · not to 7, which belongs to another user",
    ],
    [
      "unkillable",
      {
        processes: [
          { pid: 7, state: "S", notPermitted: true },
          { pid: 8, state: "D" },
        ],
      },
      "Not ended by SIGKILL: process 7 belongs to another user; only that user or root can end it · process 8 is in state D",
    ],
    ["leftovers", { pids: [9], commands: ["sleep 300"] }, "Ended and left processes behind: sleep 300"],
    ["exited", { exit: { code: 3, signal: null } }, "Process ended: with code 3"],
    ["exited", { exit: { code: null, signal: "SIGKILL" } }, "Process ended: by SIGKILL"],
    ["exited", { exit: { code: null, signal: null } }, "Process ended: how is not known"],
    ["log_dropped", { bytes: 2_800_000, upTo: 2_800_000 }, "Beginning of the log dropped: 2.8 MB"],
    [
      "log_dropped",
      { bytes: 1_000_000, upTo: 3_800_000 },
      "Beginning of the log dropped: 1.0 MB more · 3.8 MB in all",
    ],
    [
      "log_pump_failed",
      { reason: "cat: write error: No space left on device" },
      "Its last output could not be written to its log: cat: write error: No space left on device",
    ],
    [
      "limits_applied",
      { memoryBytes: 536_870_912, why: "The whole tree, by its cgroup.", openFiles: 1024, nice: null },
      "Limits set: memory 512 MiB · The whole tree, by its cgroup. · open files 1024",
    ],
    ["cleaned", { reason: "Timeout – Auto-cleaned: tidy" }, "Cleaned up: Timeout – Auto-cleaned: tidy"],
    ["clean_undone", { reason: "it was mine" }, "Clean-up undone: “it was mine”"],
    [
      "moon_landed",
      { fromWhere: "earth", from: "a", to: "b", nothing: null },
      "Moon landed: from where: earth",
    ],
    ["toString", {}, "ToString"],
  ])("tells %s %j", (type, data, told) => expect(words(type, data)).toBe(told));
});
