/**
 * A bug that nothing has caught ends the dashboard: what it left half done in memory is not to be trusted, while everything in the
 * database and of the runs is made for a death at any moment. Runs live on; systemd, or whatever started us, starts it again
 * (docs/decisions/0026-an-uncaught-error-ends-the-dashboard.md).
 *
 * Call it before Next is loaded: Next 16 adds listeners of its own that print the error and go on. Listeners are called in the order
 * they were added, and ours does not come back.
 * @param {import("pino").Logger} log
 */
export function endOnUncaughtErrors(log) {
  let ending = false;
  /**
   * @param {unknown} error
   * @param {string} event
   */
  const end = (error, event) => {
    // A listener of `exit` that throws would keep the process alive.
    if (ending) process.kill(process.pid, "SIGKILL");
    ending = true;
    try {
      log.fatal(
        {
          err: error instanceof Error ? error : new Error(`Thrown: ${String(error)}`),
          detail: "A bug ended the dashboard. Runs keep running; the next start finds them again.",
        },
        event,
      );
    } finally {
      process.exit(1);
    }
  };
  process.on("uncaughtException", (error) => end(error, "process.uncaught_exception"));
  process.on("unhandledRejection", (reason) => end(reason, "process.unhandled_rejection"));
}
