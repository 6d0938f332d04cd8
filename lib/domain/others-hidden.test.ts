import { describe, expect, test } from "vitest";
import type { JobId, RunId } from "./ids";
import { type Hidden, mentionsIn, withoutOthers } from "./others-hidden";

const MINE = "run_00mwr6ej2r3b183etklq" as RunId;
const THEIRS = "run_00mwr6ej2r3b183etkl1" as RunId;
const DELETED = "run_00mwr6ej2r3b183etkl0" as RunId;
const HIDDEN: Hidden = {
  runs: new Set([THEIRS]),
  gone: new Set([DELETED]),
  jobs: new Set(["theirs" as JobId]),
};
const seen = (json: unknown) => withoutOthers(json, HIDDEN);

describe("what is hidden", () => {
  test.each([
    [`lock shop, held by ${THEIRS}`, "lock shop, held by a run of another job"],
    [
      `It names process 7, which belongs to run ${THEIRS} of job "theirs". Stop that run first.`,
      "It names process 7, which belongs to a run of another job. Stop that run first.",
    ],
    [`Run ${THEIRS} of job "theirs" is alive.`, "A run of another job is alive."],
    ['Job "theirs" and job "mine" share it.', 'Another job and job "mine" share it.'],
    [`lock shop, after ${DELETED}`, "lock shop, after a deleted run"],
    [`${MINE} and run ${MINE} of job "mine"`, `${MINE} and run ${MINE} of job "mine"`],
    [`${THEIRS}0 is no id`, `${THEIRS}0 is no id`],
    ["theirs, plainly", "theirs, plainly"],
  ])("in the sentence %j", (sentence, expected) => {
    expect(seen({ reason: sentence })).toEqual({ reason: expected });
  });

  test("is null in a field, and not in a list", () => {
    expect(
      seen({
        runId: THEIRS,
        job: "theirs",
        mine: MINE,
        jobs: ["mine", "theirs"],
        runs: [THEIRS, MINE],
        at: null,
        of: [null, 1],
      }),
    ).toEqual({ runId: null, job: null, mine: MINE, jobs: ["mine"], runs: [MINE], at: null, of: [null, 1] });
  });

  test("is no deleted run of one's own, which a field still names", () => {
    expect(seen({ lineageId: DELETED })).toEqual({ lineageId: DELETED });
  });

  test("is nothing that people have set or programs have said", () => {
    const job = {
      argv: ["x", THEIRS],
      env: { JOB: 'job "theirs"' },
      lastWords: THEIRS,
      progress: { message: THEIRS },
    };
    expect(seen(job)).toEqual(job);
  });
});

test("everything that may have to be hidden is found, however deep, and nothing else", () => {
  const { runs, jobs } = mentionsIn({
    items: [{ evidence: [{ value: `held by ${THEIRS}` }], job: "mine" }, { argv: [DELETED] }],
    detail: `run ${MINE} of job "theirs"`,
    title: 'job "not-this-one"',
    jobId: "Not An Id",
  });
  expect([...runs]).toEqual([THEIRS, MINE]);
  expect([...jobs]).toEqual(["mine", "theirs"]);
});
