import { AppError, ERROR_CODES, type ErrorCode, type ErrorDetails } from "./errors";

/** Why someone was not let in who came by a provider or through a proxy: for the page they come back to, which knows only the code. */
const SENTENCES = {
  OIDC_OFF: "Signing in at a provider is not configured here.",
  OIDC_UNREACHABLE:
    "The sign-in provider did not answer in time. Try again in a moment, or sign in with a password.",
  OIDC_ISSUER_WRONG:
    "The sign-in provider calls itself something else than was configured. An admin has to look at UNSTUCK_OIDC_ISSUER.",
  OIDC_FAILED:
    "The sign-in provider's answer could not be used. The log of Unstuck says why (oidc.failed). Try again, or sign in with a password.",
  OIDC_NOT_STARTED:
    "This sign-in was not started in this browser, or more than ten minutes ago. Start again from here.",
  OIDC_STATE_WRONG:
    "The provider's answer belongs to another sign-in than those started in this browser. Start again from here.",
  OIDC_NONCE_WRONG: "The provider's answer was made for another sign-in. Start again from here.",
  OIDC_CODE_REFUSED:
    "The provider did not accept the code of this sign-in: it was used already, is too old, or belongs to another one. Start again from here.",
  OIDC_DENIED: "The sign-in was cancelled or refused at the provider.",
  OIDC_NO_ROLE: "You have signed in at the provider, but none of your groups has a role here. Ask an admin.",
  OIDC_NOT_LINKED:
    "You have signed in at the provider, but no user here is linked to you. Sign in with your password and link it on the page Account, or ask an admin.",
  OIDC_LINKED_ALREADY:
    "That is linked already: to another user here, or you are linked to another one at the same provider. Unlink it first, or ask an admin.",
  PROXY_USER_REFUSED:
    "The proxy in front of Unstuck names a user who is not let in: unknown here, without a role, or with a name that cannot be one. Ask an admin.",
  USER_DISABLED: "Your account here is disabled. Ask an admin.",
  NO_ADMIN_YET:
    "There is no admin yet, and the first user has to be one. Use the link that npm start has printed, or sign in as someone whose groups have the role admin.",
  LAST_ADMIN:
    "You are the only admin here, and your groups give you a lower role. Make another admin first (on the host: unstuck admin). Nothing was changed.",
  SIGN_IN_BUSY: "Too many people are signing in at this moment. Try again in a few seconds.",
  SIGNED_OUT: "Your session was over when you came back. Sign in, then link again.",
} as const satisfies Partial<Record<ErrorCode, string>>;

export type SignInProblem = keyof typeof SENTENCES;

/** As a service refuses with it. */
export function signInProblem(
  code: SignInProblem,
  details: ErrorDetails = {},
  options?: ErrorOptions,
): AppError {
  return new AppError(code, SENTENCES[code], details, options);
}

/**
 * For `?problem=` of the pages `/sign-in` and `/account`.
 * @returns null: that is no code of ours
 */
export function signInProblemInWords(code: string | null | undefined): string | null {
  const known = ERROR_CODES.find((one) => one === code);
  if (known === undefined) return null;
  if (known in SENTENCES) return SENTENCES[known as SignInProblem];
  return `Signing in did not work (${known}). Try again in a moment.`;
}
