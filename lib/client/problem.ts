import { z } from "zod";
import { Problem } from "@/lib/contracts/problem";

/** Client-side codes beside the server's: no answer came, or it was not ours. */
export type ProblemCode = Problem["code"] | "UNREACHABLE" | "UNEXPECTED_ANSWER";

export type FieldIssue = { readonly path: string; readonly message: string };

/** A refusal by the server, or no answer at all (`UNREACHABLE`). `message` is fit to be shown. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";

  constructor(
    readonly code: ProblemCode,
    detail: string,
    readonly status: number | null = null,
    readonly requestId: string | null = null,
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(detail, options);
  }
}

/** @param body the parsed JSON of an answer that is not ok; null when it was not JSON */
export function toApiProblem(status: number, body: unknown): ApiProblem {
  const parsed = Problem.safeParse(body);
  if (parsed.success) {
    const { code, detail, requestId, details } = parsed.data;
    return new ApiProblem(code, detail, status, requestId, details);
  }
  return new ApiProblem(
    "UNEXPECTED_ANSWER",
    `The server answered ${status} and nothing this page understands.`,
    status,
  );
}

/** @param asked what was not answered; a read unless told otherwise */
export function unreachable(
  cause: unknown,
  asked: { method: string; path: string } | null = null,
): ApiProblem {
  return new ApiProblem(
    "UNREACHABLE",
    `The dashboard's server did not answer. ${afterSilence(asked)}`,
    null,
    null,
    {},
    { cause },
  );
}

/** The server drops a start that still waits when its client leaves, and carries out a stop (docs/api.md). */
function afterSilence(asked: { method: string; path: string } | null): string {
  if (asked === null || asked.method === "GET") return "Nothing was changed by this page.";
  if (/\/start$/.test(asked.path)) return "If it has not started by now, it will not start later.";
  if (/\/stop(-all)?$/.test(asked.path)) return "If the stop has arrived, it will be carried out.";
  return "Whether it was done is not known: look before you try again.";
}

export function isApiProblem(error: unknown): error is ApiProblem {
  return error instanceof ApiProblem;
}

export function isUnreachable(error: unknown): boolean {
  return isApiProblem(error) && error.code === "UNREACHABLE";
}

const Issues = z.object({
  issues: z.array(
    z.object({
      path: z.union([z.string(), z.array(z.union([z.string(), z.number()]))]),
      message: z.string(),
    }),
  ),
});

const WITH_ISSUES: readonly ProblemCode[] = ["INVALID_INPUT", "PARAMETERS_REFUSED"];

/** The fields a refusal speaks of; empty when it names none. Paths are dotted: `timeouts.silenceMs`. */
export function fieldIssues(error: ApiProblem): readonly FieldIssue[] {
  const parsed = Issues.safeParse(error.details);
  if (!WITH_ISSUES.includes(error.code) || !parsed.success) return [];
  return parsed.data.issues.map(({ path, message }) => ({
    path: typeof path === "string" ? path : path.join("."),
    message,
  }));
}

/** `details.runId` of `RUN_ALREADY_ACTIVE` and its like. */
export function problemRunId(error: ApiProblem): string | null {
  return typeof error.details.runId === "string" ? error.details.runId : null;
}
