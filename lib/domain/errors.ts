/** Every way a request can be refused on purpose. The HTTP status of each stands in lib/http/status.ts. */
export const ERROR_CODES = [
  "INVALID_INPUT",
  "MALFORMED_JSON",
  "BODY_TOO_LARGE",
  "UNSUPPORTED_MEDIA_TYPE",
  "METHOD_NOT_ALLOWED",
  "ROUTE_NOT_FOUND",
  "FOREIGN_HOST",
  "FOREIGN_ORIGIN",
  "FRAME_REFUSED",
  "REQUEST_TOO_SLOW",
  "HEADERS_TOO_LARGE",
  "JOB_NOT_FOUND",
  "JOB_EXISTS",
  "JOB_DISABLED",
  "JOB_HAS_NO_COMMAND",
  "JOB_ACTIVE",
  "STALE_VERSION",
  "RUN_NOT_FOUND",
  "RUN_ALREADY_ACTIVE",
  "NOT_RUNNING",
  "RUN_ALIVE",
  "RUN_TOKEN_INVALID",
  "SIGNED_OUT",
  "NOT_ALLOWED",
  "PASSWORD_CHANGE_NEEDED",
  "SIGN_IN_FAILED",
  "SIGN_IN_BUSY",
  "TOO_MANY_ATTEMPTS",
  "SECOND_FACTOR_NEEDED",
  "SECOND_FACTOR_STATE",
  "SET_UP_CODE_WRONG",
  "SET_UP_DONE",
  "USER_NOT_FOUND",
  "USER_EXISTS",
  "LAST_ADMIN",
  "PASSWORD_REFUSED",
  "PASSWORD_WRONG",
  "NO_ACCOUNT",
  "SESSION_NOT_FOUND",
  "TOKEN_NOT_FOUND",
  "OIDC_OFF",
  "OIDC_UNREACHABLE",
  "OIDC_ISSUER_WRONG",
  "OIDC_FAILED",
  "OIDC_NOT_STARTED",
  "OIDC_STATE_WRONG",
  "OIDC_NONCE_WRONG",
  "OIDC_CODE_REFUSED",
  "OIDC_DENIED",
  "OIDC_NO_ROLE",
  "OIDC_NOT_LINKED",
  "OIDC_LINKED_ALREADY",
  "PROXY_USER_REFUSED",
  "USER_DISABLED",
  "NO_ADMIN_YET",
  "SECRET_UNREADABLE",
  "SECRET_KEY_GIVEN",
  "RUN_OVER",
  "RUN_NOT_RECOVERED",
  "FOREIGN_PROCESS",
  "PID_FILE_REFUSED",
  "PLAN_NOT_FOUND",
  "PLAN_STATE",
  "NOT_CONFIRMED",
  "STRAY_NOT_FOUND",
  "STRAY_REFUSED",
  "ALERT_NOT_FOUND",
  "NOTHING_TO_RESUME",
  "LOCK_NOT_FOUND",
  "LOCK_HELD",
  "NO_RECORDED_ENVIRONMENT",
  "COMMAND_NOT_FOUND",
  "COMMAND_NOT_EXECUTABLE",
  "COMMAND_NOT_ALLOWED",
  "RUN_AS_NEEDED",
  "RUN_AS_NOT_ALLOWED",
  "RUN_AS_UNKNOWN",
  "RUN_AS_CANNOT_REACH",
  "CWD_NOT_FOUND",
  "SIGNALS_CONFLICT",
  "PARAMETERS_REFUSED",
  "PARAMETERS_DIFFER",
  "LOG_NOT_FOUND",
  "LOG_REFUSED",
  "RANGE_NOT_SATISFIABLE",
  "FOLDER_UNCONFIRMED",
  "SUPERVISOR_UNAVAILABLE",
  "DATA_FOLDER_UNUSABLE",
  "DATA_FOLDER_IN_USE",
  "DATABASE_CORRUPT",
  "DATABASE_NEWER",
  "ROW_UNREADABLE",
  "DATABASE_LOCKED",
  "DATABASE_BUSY",
  "DATABASE_UNUSABLE",
  "DISK_FULL",
  "HOST_EXHAUSTED",
  "CUT_OFF",
  "REQUEST_ABANDONED",
  "PATH_NOT_ANSWERING",
  "CONFIG_INVALID",
  "NOT_SERVED_BY_UNSTUCK",
  "INTERNAL",
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export type ErrorDetails = Readonly<Record<string, unknown>>;

/** `instanceof` fails across the copies a bundler makes of this module, so errors carry a brand instead. */
const BRAND = Symbol.for("unstuck.app-error");

/**
 * An expected failure. `message` says what was expected, what was found and what to do, for the person who asked.
 */
export class AppError extends Error {
  readonly [BRAND] = true;
  override readonly name = "AppError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: ErrorDetails = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export function isAppError(error: unknown): error is AppError {
  return typeof error === "object" && error !== null && BRAND in error;
}
