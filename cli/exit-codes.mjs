/** From 64 on as sysexits.h has them, so that cron mails and scripts can tell them from a program's own small numbers. */
export const EXIT = {
  /** It was done or shown, and not all of it is well: a check failed, an item was skipped, a run that was waited for did not complete. */
  notWell: 1,
  /** The question was answered with no. */
  declined: 3,
  usage: 64,
  noJob: 66,
  unreachable: 69,
  refused: 70,
  busy: 75,
  notAllowed: 77,
  /** Ctrl-C at a question. */
  aborted: 130,
};

/** Nothing was done, and why. */
export class Refusal extends Error {
  /**
   * @param {number} exitCode
   * @param {string} message
   */
  constructor(exitCode, message) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** It already runs, or something else is in its way for now. */
const BUSY = [
  "RUN_ALREADY_ACTIVE",
  "FOREIGN_PROCESS",
  "JOB_DISABLED",
  "SUPERVISOR_UNAVAILABLE",
  "RUN_ALIVE",
  "LOCK_HELD",
  "JOB_ACTIVE",
  "DATABASE_LOCKED",
  "DATABASE_BUSY",
  "HOST_EXHAUSTED",
  "RUN_NOT_RECOVERED",
  "TOO_MANY_ATTEMPTS",
  "SIGN_IN_BUSY",
];
/** The program or the folder is not there, or the whole call: the dashboard is an older one. */
const NOT_ABOUT_NAMES = ["COMMAND_NOT_FOUND", "CWD_NOT_FOUND", "ROUTE_NOT_FOUND"];
const WRONG_INPUT = [
  "INVALID_INPUT",
  "MALFORMED_JSON",
  "PASSWORD_REFUSED",
  "PARAMETERS_REFUSED",
  "SCHEDULE_REFUSED",
];
const NOT_ALLOWED = [
  "RUN_TOKEN_INVALID",
  "FOREIGN_ORIGIN",
  "SIGNED_OUT",
  "NOT_ALLOWED",
  "PASSWORD_CHANGE_NEEDED",
];

/** @param {string} code of a problem the dashboard answered with */
export function exitCodeOf(code) {
  if (code.endsWith("_NOT_FOUND") && !NOT_ABOUT_NAMES.includes(code)) return EXIT.noJob;
  // Whether it was done is not known, as when there is no answer at all.
  if (code === "CUT_OFF") return EXIT.unreachable;
  if (BUSY.includes(code)) return EXIT.busy;
  if (WRONG_INPUT.includes(code)) return EXIT.usage;
  return NOT_ALLOWED.includes(code) ? EXIT.notAllowed : EXIT.refused;
}
