import type * as OpenId from "openid-client";
import type { AppError } from "@/lib/domain/errors";
import { type SignInProblem, signInProblem } from "@/lib/domain/sign-in-problems";

/** Of RFC 6749, 4.1.2.1 and 5.2: printable, and short enough to be written down. */
const ERROR_WORD = /^[\x20-\x7e]{1,60}$/;

/**
 * What went wrong at the provider, as a refusal. Which of them it is, is told by codes and classes of the library, never by its texts. What the
 * provider has sent is not handed on, not even as the cause: there may be tokens in it.
 */
export function toRefusal(openId: typeof OpenId, error: unknown): AppError {
  const why = whyOf(openId, error);
  return signInProblem(problemOf(openId, error), why === null ? {} : { why });
}

function problemOf(openId: typeof OpenId, error: unknown): SignInProblem {
  if (error instanceof openId.AuthorizationResponseError)
    return error.error === "access_denied" ? "OIDC_DENIED" : "OIDC_FAILED";
  if (error instanceof openId.ResponseBodyError)
    return error.error === "invalid_grant" ? "OIDC_CODE_REFUSED" : "OIDC_FAILED";
  if (isSilence(error)) return "OIDC_UNREACHABLE";
  const name = nameOf(error);
  if (name === "nonce") return "OIDC_NONCE_WRONG";
  return name === "iss" || name === "issuer" ? "OIDC_ISSUER_WRONG" : "OIDC_FAILED";
}

/** No answer, or one that broke off: a refused connection, a name that does not resolve, a certificate that is not accepted, a time-out. */
function isSilence(error: unknown): boolean {
  const chain = causesOf(error);
  if (chain.some((one) => one instanceof DOMException && one.name === "TimeoutError")) return true;
  // What fetch throws. The library's own are told apart by their code.
  const [first] = chain;
  return first instanceof TypeError && !("code" in first) && first.cause !== undefined;
}

/** Of what has another value than it should: a claim of the ID token, or an attribute of what the provider says about itself. */
function nameOf(error: unknown): string | null {
  for (const cause of causesOf(error)) {
    if (typeof cause !== "object" || cause === null) continue;
    if ("claim" in cause && typeof cause.claim === "string") return cause.claim;
    if ("attribute" in cause && typeof cause.attribute === "string") return cause.attribute;
  }
  return null;
}

/** For the log and the audit: codes and words that the standards know. */
function whyOf(openId: typeof OpenId, error: unknown): string | null {
  if (error instanceof openId.AuthorizationResponseError || error instanceof openId.ResponseBodyError)
    return ERROR_WORD.test(error.error) ? error.error : null;
  if (error instanceof openId.WWWAuthenticateChallengeError) return `HTTP ${error.status}`;
  const name = nameOf(error);
  if (name !== null) return name;
  const codes = causesOf(error).map((one) =>
    typeof one === "object" && one !== null && "code" in one ? one.code : null,
  );
  const code = codes.findLast((one) => typeof one === "string");
  if (typeof code === "string" && ERROR_WORD.test(code)) return code;
  return error instanceof Error ? error.name : null;
}

/** Itself first. */
function causesOf(error: unknown): unknown[] {
  const chain = [error];
  while (chain.length < 6) {
    const last = chain.at(-1);
    if (typeof last !== "object" || last === null || !("cause" in last) || last.cause == null) break;
    chain.push(last.cause);
  }
  return chain;
}

/** The provider does not know the client by what it was shown: RFC 6749, 5.2. With a challenge the body is not read. */
export function isClientRefused(openId: typeof OpenId, error: unknown): boolean {
  return (
    (error instanceof openId.ResponseBodyError && error.error === "invalid_client") ||
    (error instanceof openId.WWWAuthenticateChallengeError && error.status === 401)
  );
}
