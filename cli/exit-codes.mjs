/** As sysexits.h has them, so that cron mails and scripts can tell them from a program's own small numbers. */
export const EXIT = {
  usage: 64,
  noJob: 66,
  unreachable: 69,
  refused: 70,
  busy: 75,
  notAllowed: 77,
};

/** Nothing was run, and why. */
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
