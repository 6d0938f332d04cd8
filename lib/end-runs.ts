import type { Logger } from "pino";
import type { App } from "./booted";

/** The first half of an orderly end with `stop`: the runs. What is not over when the budget is spent is handed over. */
export async function endRuns({ supervisor, config }: App, log: Logger, signal: string): Promise<void> {
  const budgetMs = config.shutdownBudgetMs;
  log.info({ signal, budgetMs, runs: supervisor.watchedCount() }, "shutdown.stopping_runs");
  const left = await supervisor.endAll({
    budgetMs,
    reason: `The dashboard was shut down (${signal}) and stopped its runs.`,
  });
  if (left.length === 0) return log.info({}, "shutdown.runs_stopped");
  const next = "They are still stopping; the next start continues.";
  log.warn({ runIds: left, next }, "shutdown.handed_over");
}
