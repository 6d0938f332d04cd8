import { randomUUID } from "node:crypto";
import type { ZodError } from "zod";
import { issuesOf } from "@/lib/contracts/issues";
import type { Problem } from "@/lib/contracts/problem";
import { AppError, type ErrorCode, isAppError } from "@/lib/domain/errors";
import { hostExhausted } from "@/lib/domain/passing";
import { isClosing, processLog } from "@/lib/runtime";
import { STATUS_OF } from "./status";

const CUT_OFF =
  "Unstuck was shutting down before this finished, so it may or may not have been done. Check once Unstuck is back.";

/** Every refusal and every failure as one shape. A bug gets an id to find it in the server's log, and no inner text. */
export function problemResponse(error: unknown): Response {
  const requestId = randomUUID();
  if (isAppError(error)) return answer(error.code, error.message, error.details, requestId);
  processLog().error(
    { requestId, error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
    "request.failed",
  );
  const exhausted = hostExhausted(error);
  if (exhausted !== null) return answer(exhausted.code, exhausted.message, exhausted.details, requestId);
  // Whatever it met, it met a database or a helper that had been closed.
  if (isClosing()) return answer("CUT_OFF", CUT_OFF, {}, requestId);
  return answer(
    "INTERNAL",
    `Something went wrong inside Unstuck. Look for ${requestId} in its log.`,
    {},
    requestId,
  );
}

function answer(
  code: ErrorCode,
  detail: string,
  details: Readonly<Record<string, unknown>>,
  requestId: string,
): Response {
  const status = STATUS_OF[code];
  const title = code.charAt(0) + code.slice(1).toLowerCase().replaceAll("_", " ");
  const body: Problem = {
    type: "about:blank",
    title,
    status,
    code,
    detail,
    details: { ...details },
    requestId,
  };
  const headers = new Headers({ "content-type": "application/problem+json", "cache-control": "no-store" });
  if (code === "RANGE_NOT_SATISFIABLE") {
    headers.set("content-range", `bytes */${details.size}`);
    headers.set("x-log-dropped", String(details.dropped ?? 0));
  }
  // How to sign in, for programs: RFC 9110 asks for it with every 401. Browsers show no box of their own for this scheme.
  if (status === 401) headers.set("www-authenticate", "Bearer");
  if (typeof details.retryAfterMs === "number")
    headers.set("retry-after", String(Math.ceil(details.retryAfterMs / 1_000)));
  return new Response(JSON.stringify(body), { status, headers });
}

/** A schema's complaints as one error: each with the place and what was expected there. */
export function invalidInput(where: string, error: ZodError): AppError {
  const issues = issuesOf(error);
  const told = issues.slice(0, 5).map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
  return new AppError("INVALID_INPUT", `The ${where} is not as expected. ${told.join("; ")}.`, {
    where,
    issues,
  });
}
