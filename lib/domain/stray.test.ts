import { expect, test } from "vitest";
import { aQueuedRun, aRun, nextRunId } from "@/test/factories";
import { aStray } from "@/test/strays";
import { isAppError } from "./errors";
import { judgeStray, refuseAdoption, type Stray, strayId, toIdentity } from "./stray";

test("the sentence tells why it is a stray", () => {
  const why = (stray: Stray) => judgeStray(stray, null).sentence;
  expect(why(aStray())).toMatch(/which the database does not know: a backup was restored/);
  expect(why(aStray({ run: aRun("stopped") }))).toMatch(/which is stopped, and yet 2 processes of it live/);
  expect(why(aStray({ run: aQueuedRun() }))).toMatch(/with another token than that run has now/);
});

test("it can be adopted where its job is there and idle, and the sentence says what becomes of the exit code", () => {
  expect(judgeStray(aStray(), null)).toMatchObject({ can: ["adopt", "stop"] });
  expect(judgeStray(aStray(), null).sentence).toMatch(
    /exit code will not be known.*Stop ends its 2 processes/,
  );
  expect(judgeStray(aStray({ exitWillBeKnown: true }), null).sentence).toMatch(/exit code will be known/);
});

test.each([
  ["its job is not there", aStray(), "no_job", /Create that job first/],
  ["it names no job", aStray({ jobId: null }), "no_job", /does not say which job/],
  ["its job has a run", aStray(), { active: nextRunId() }, /has the active run run_.*Stop that run first/],
] as const)("it cannot be adopted while %s", (_what, stray, obstacle, expected) => {
  expect(judgeStray(stray, obstacle)).toMatchObject({ can: ["stop"] });
  expect(judgeStray(stray, obstacle).sentence).toMatch(expected);
  expect(refusal(stray, obstacle)).toMatch(expected);
});

test("while it is being ended it can only be stopped, again", () => {
  const ending = aStray({ ending: true });
  expect(judgeStray(ending, null)).toMatchObject({ can: ["stop"] });
  expect(refusal(ending, null)).toMatch(/being ended/);
  expect(refusal(aStray(), null)).toBeNull();
});

test("its id is the identity of its process, and back", () => {
  expect(strayId(aStray())).toBe("812-4711");
  expect(toIdentity("812-4711")).toEqual({ pid: 812, startTicks: 4_711 });
});

function refusal(...given: Parameters<typeof refuseAdoption>): string | null {
  try {
    refuseAdoption(...given);
    return null;
  } catch (error) {
    if (isAppError(error) && error.code === "STRAY_REFUSED") return error.message;
    throw error;
  }
}
