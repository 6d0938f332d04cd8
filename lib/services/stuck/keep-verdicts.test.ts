import { expect, test } from "vitest";
import { aContext } from "@/test/a-context";
import { aRun, T0 } from "@/test/factories";
import { keepVerdicts } from "./keep-verdicts";

test("what is left of runs that ended badly is read once and kept; others are not looked at", async () => {
  const [failed, done] = [aRun("failed"), aRun("completed")];
  const looked: unknown[] = [];
  const readState = async (place: unknown) => {
    looked.push(place);
    return { found: "data", path: "/state.json", bytes: 9, modifiedAt: T0, summary: null } as const;
  };
  const ctx = aContext({ runs: [failed, done], at: T0 + 9, readState });
  await keepVerdicts(ctx, [failed, done]);
  expect(looked).toHaveLength(1);
  expect(ctx.saved.runs.get(failed.id)).toEqual({
    ...failed,
    verdict: "resumable",
    verdictAt: T0 + 9,
    resumeFrom: "checkpoint state.json",
  });
  expect(ctx.saved.runs.get(done.id)).toEqual(done);
});
