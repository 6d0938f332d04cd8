import { EXIT, Refusal } from "./exit-codes.mjs";

/** @typedef {import("../lib/contracts/problem").Problem} Problem */

const ANSWER_WITHIN_MS = 20_000;

/** A refusal of the dashboard, with its code. */
export class Refused extends Error {
  /** @param {Problem} problem */
  constructor({ detail, code }) {
    super(detail);
    this.code = code;
  }
}

/**
 * Where the dashboard is: as `--url` says, or the environment, or where it listens when nobody says anything.
 * @param {string | undefined} said
 */
export function dashboardUrl(said) {
  const text = said ?? process.env.UNSTUCK_URL ?? "http://127.0.0.1:3000";
  if (!URL.canParse(text) || !/^https?:/.test(text))
    throw new Refusal(
      EXIT.usage,
      `Expected the dashboard's URL, found "${text}". Example: http://127.0.0.1:3000`,
    );
  return text.replace(/\/+$/, "");
}

/**
 * One call. The answer has the shape of its contract (lib/contracts); it is not checked again here.
 * @template Answer
 * @param {string} url
 * @param {"GET" | "POST" | "DELETE"} method
 * @param {{ body?: unknown, token?: string }} [more]
 * @returns {Promise<Answer>}
 * @throws {Refused | Refusal}
 */
export async function call(url, method, { body, token } = {}) {
  const response = await send(url, {
    method,
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // Withdrawing answers nothing, and nobody reads it.
  if (response.status === 204) return /** @type {Answer} */ (undefined);
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  if (typeof answer?.code === "string") throw new Refused(answer);
  throw new Refusal(EXIT.unreachable, `${url} answered ${response.status}: is that Unstuck?`);
}

/**
 * @param {string} url
 * @param {RequestInit} request
 */
async function send(url, request) {
  try {
    return await fetch(url, request);
  } catch (error) {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new Refusal(
      EXIT.unreachable,
      `The dashboard at ${new URL(url).origin} cannot be reached (${cause}). Nothing was run. Start it, or say where it is with --url or UNSTUCK_URL.`,
    );
  }
}
