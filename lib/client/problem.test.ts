import { describe, expect, it } from "vitest";
import { fieldIssues, isUnreachable, problemRunId, toApiProblem, unreachable } from "./problem";

const problem = (over: Record<string, unknown>) => ({
  type: "about:blank",
  title: "Conflict",
  status: 409,
  code: "RUN_ALREADY_ACTIVE",
  detail: "Job nightly is already running.",
  details: {},
  requestId: "req_1",
  ...over,
});

describe("toApiProblem", () => {
  it("keeps code, detail and request id of a refusal", () => {
    const error = toApiProblem(409, problem({ details: { runId: "run_x" } }));
    expect(error).toMatchObject({
      code: "RUN_ALREADY_ACTIVE",
      message: "Job nightly is already running.",
      requestId: "req_1",
    });
    expect(problemRunId(error)).toBe("run_x");
  });

  it.each([null, "<html>", {}, problem({ code: "FROM_THE_FUTURE" })])("does not believe %j", (body) => {
    expect(toApiProblem(502, body)).toMatchObject({ code: "UNEXPECTED_ANSWER", status: 502 });
  });

  it.each([
    ["GET", "/api/v1/jobs", "Nothing was changed by this page."],
    ["POST", "/api/v1/jobs/nightly/start", "If it has not started by now, it will not start later."],
    ["POST", "/api/v1/jobs/nightly/stop", "If the stop has arrived, it will be carried out."],
    ["POST", "/api/v1/stop-all", "If the stop has arrived, it will be carried out."],
    ["DELETE", "/api/v1/jobs/nightly", "Whether it was done is not known: look before you try again."],
  ])("CR-6.6 says after a %s to %s that was not answered: %s", (method, path, words) => {
    expect(unreachable(new TypeError("fetch failed"), { method, path }).message).toContain(words);
  });

  it("tells silence from refusal", () => {
    expect(isUnreachable(unreachable(new TypeError("fetch failed")))).toBe(true);
    expect(isUnreachable(toApiProblem(500, null))).toBe(false);
  });
});

describe("fieldIssues", () => {
  it("reads paths written as text or as parts", () => {
    const issues = [
      { path: "argv", message: "expected a program" },
      { path: ["timeouts", "silenceMs"], message: "too small" },
    ];
    expect(fieldIssues(toApiProblem(400, problem({ code: "INVALID_INPUT", details: { issues } })))).toEqual([
      { path: "argv", message: "expected a program" },
      { path: "timeouts.silenceMs", message: "too small" },
    ]);
  });

  it("is empty for other refusals and for details of another shape", () => {
    expect(
      fieldIssues(toApiProblem(409, problem({ details: { issues: [{ path: "a", message: "b" }] } }))),
    ).toEqual([]);
    expect(
      fieldIssues(toApiProblem(400, problem({ code: "INVALID_INPUT", details: { issues: "none" } }))),
    ).toEqual([]);
  });
});
