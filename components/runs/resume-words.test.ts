import { expect, it } from "vitest";
import { aRunView } from "@/lib/client/run-view.fixture";
import { resumeWords } from "./resume-words";

const ended = { state: "interrupted", unsettled: true } as const;
const kept = { ...ended, verdict: "resumable", verdictSentence: "It had done 7." } as const;
const alive = { state: "running", health: "stuck", endedAt: null } as const;

it.each([
  ["Finished: nothing to resume", aRunView({ verdict: "complete" })],
  ["Yes, from checkpoint c, page 7", aRunView({ ...kept, resumeFrom: "checkpoint c, page 7" })],
  ["Start again", aRunView(kept)],
  ["Superseded", aRunView({ ...kept, superseded: true })],
  ["Cannot be resumed", aRunView({ ...ended, verdict: "dead" })],
  ["Nothing yet", aRunView({ ...alive, verdictSentence: "Nothing to resume from yet." })],
  [
    "If it stopped now: from checkpoint c",
    aRunView({ ...alive, verdict: "resumable", resumeFrom: "checkpoint c" }),
  ],
  [undefined, aRunView(ended)],
])("UX-A2 UX-A4 the page says %s", (label, run) => expect(resumeWords(run)?.label).toBe(label));
