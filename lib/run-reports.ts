import type { App } from "./booted";
import { AppError } from "./domain/errors";
import { parseRunId, type RunId } from "./domain/ids";
import { type ProgressReport, readReport } from "./domain/progress";
import { isFinal } from "./domain/run";
import { bearerToken } from "./domain/token";
import { problemResponse } from "./http/problem";
import type { AnswerReport, ReportCall } from "./slot.mjs";
import { findRun } from "./store/runs";
import { sameToken } from "./supervisor/files/same-token";

/**
 * What a run says of itself over HTTP. Called for every report by server/run-reports.mjs, outside Next, so the good case does
 * no more than it must: no promise, no Response, no look into the database.
 */
export function reportAnswers(app: App): AnswerReport {
  return (call) => {
    try {
      return take(app, call);
    } catch (error) {
      return Promise.resolve(refused(error));
    }
  };
}

function take(app: App, call: ReportCall): Promise<Response> | null {
  if (call.method !== "POST") throw notAllowed(call);
  const token = bearerToken(call.authorization);
  const runId = parseRunId(call.run);
  if (token === null || runId === null) throw tokenInvalid();
  switch (app.supervisor.report({ runId, token, read: () => reportOf(call) })) {
    case "taken":
      return null;
    case "wrong_token":
      throw tokenInvalid();
    case "unknown":
      return notWatched(app, runId, token).then(refused, refused);
  }
}

/** Its run is over, or never was; only who has the token of a run is told which. */
async function notWatched({ store }: App, runId: RunId, token: string): Promise<AppError> {
  const run = await findRun(store, runId);
  if (run === null || !sameToken(run.token, token)) return tokenInvalid();
  if (isFinal(run.state)) {
    const message = `Run ${runId} is ${run.state}: it takes no reports any more. The process that sent this does not belong to it, or has outlived it.`;
    return new AppError("RUN_OVER", message, { runId, state: run.state });
  }
  return new AppError(
    "SUPERVISOR_UNAVAILABLE",
    `Run ${runId} is not supervised yet. Report again in a moment.`,
  );
}

const FIELDS = ["extracted", "skipped", "total", "message"];

/** @throws AppError BODY_TOO_LARGE, MALFORMED_JSON, INVALID_INPUT */
function reportOf({ kind, body }: ReportCall): ProgressReport | null {
  if (body === null)
    throw new AppError("BODY_TOO_LARGE", "A report may have at most 16 KiB.", { limit: 16 * 1024 });
  const fields = parseObject(body);
  const unknown = Object.keys(fields).filter((name) => kind === "heartbeat" || !FIELDS.includes(name));
  if (unknown.length > 0)
    throw invalid(unknown.map((name) => `${name.slice(0, 80)}: expected no such field`));
  if (kind === "heartbeat") return null;
  const { report, problems } = readReport(fields);
  if (problems.length > 0) throw invalid(problems);
  if (Object.keys(report).length === 0) throw invalid([`expected at least one of ${FIELDS.join(", ")}`]);
  return report;
}

/** Of any content type: `curl -d` says it sends a form. */
function parseObject(body: string): Record<string, unknown> {
  if (body.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AppError("MALFORMED_JSON", `The body is not JSON: ${why}.`, {}, { cause: error });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid([`expected an object like {"extracted": 120}`]);
  return { ...value };
}

function invalid(problems: readonly string[]): AppError {
  const message = `The body is not as expected. ${problems.slice(0, 5).join("; ")}.`;
  return new AppError("INVALID_INPUT", message, {
    where: "body",
    issues: problems.map((text) => ({ path: "", message: text })),
  });
}

function tokenInvalid(): AppError {
  return new AppError(
    "RUN_TOKEN_INVALID",
    "Expected the run's own token: Authorization: Bearer $UNSTUCK_RUN_TOKEN, to the run in $UNSTUCK_RUN_ID, while it is active.",
  );
}

function notAllowed({ method }: ReportCall): AppError {
  return new AppError("METHOD_NOT_ALLOWED", `${method} is not possible here. Use POST.`, {
    allowed: ["POST"],
  });
}

function refused(error: unknown): Response {
  const response = problemResponse(error);
  if (response.status === 405) response.headers.set("allow", "POST");
  if (response.status === 401) response.headers.set("www-authenticate", "Bearer");
  return response;
}
