import type { z } from "zod";
import { noteAnswer, noteSilence } from "./connection";
import { ApiProblem, toApiProblem, unreachable } from "./problem";
import { followRefusal } from "./refusal";

type Call = {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly body?: unknown;
  readonly signal?: AbortSignal;
};

/** A silent server must not leave a button busy for ever. */
const ANSWER_WITHIN_MS = 20_000;

/**
 * Calls the dashboard's own API and parses what comes back.
 * @throws ApiProblem with the server's code and words, or `UNREACHABLE`
 */
export async function api<Answer>(answer: z.ZodType<Answer>, path: string, call: Call = {}): Promise<Answer> {
  return answerIn(answer, await send(path, call));
}

/** The same for calls that may answer 204. @returns null: so it was */
export async function apiMaybe<Answer>(
  answer: z.ZodType<Answer>,
  path: string,
  call: Call,
): Promise<Answer | null> {
  const response = await send(path, call);
  return response.status === 204 ? null : answerIn(answer, response);
}

async function answerIn<Answer>(answer: z.ZodType<Answer>, response: Response): Promise<Answer> {
  const body = await readJson(response);
  if (!response.ok) throw refused(response.status, body);
  const parsed = answer.safeParse(body);
  if (parsed.success) return parsed.data;
  const why =
    "The server's answer has another shape than this page expects. If Unstuck was just upgraded, reload the page.";
  throw new ApiProblem("UNEXPECTED_ANSWER", why, response.status, null, {}, { cause: parsed.error });
}

/** The same for calls that answer 204. */
export async function apiNothing(path: string, call: Call): Promise<void> {
  const response = await send(path, call);
  if (!response.ok) throw refused(response.status, await readJson(response));
}

function refused(status: number, body: unknown): ApiProblem {
  const problem = toApiProblem(status, body);
  followRefusal(problem);
  return problem;
}

async function send(path: string, { method = "GET", body, signal }: Call): Promise<Response> {
  const limit = AbortSignal.timeout(ANSWER_WITHIN_MS);
  try {
    const response = await fetch(path, {
      method,
      cache: "no-store",
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    noteAnswer();
    return response;
  } catch (error) {
    if (signal?.aborted) throw error;
    noteSilence();
    throw unreachable(error, { method, path });
  }
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}
