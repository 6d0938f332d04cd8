import Database from "better-sqlite3";
import type { Outcome, Wish } from "./session";

/** How many runs ended in which way: "stopped/stop": 120. */
export function runsByEnd(database: string): Record<string, number> {
  const file = new Database(database, { readonly: true, timeout: 20_000 });
  try {
    const rows = file
      .prepare("SELECT state || '/' || coalesce(cause, '-'), count(*) FROM Run GROUP BY 1 ORDER BY 1")
      .raw();
    return Object.fromEntries(rows.all() as [string, number][]);
  } finally {
    file.close();
  }
}

export function summary(
  { seed, steps, seconds, counts, runs, ownDisk, noMount, violation }: Outcome,
  wish: Wish,
): string {
  const total = Object.values(runs).reduce((sum, count) => sum + count, 0);
  return [
    `## Seed ${seed}: ${violation === null ? "no violation" : "VIOLATION"}`,
    "",
    `- ${seconds} s, ${steps} steps, ${counts.serverKills} servers ended (${listed(counts.kills)}), ${total} runs, ${wish.jobs} jobs`,
    `- actions: ${listed(counts.actions)}`,
    `- nothing to do: ${listed(counts.skipped)}${ownDisk ? "" : " (fill disk: needs root and a file system of its own)"}${noMount === null ? "" : ` (hang mount: ${noMount})`}`,
    `- answers: ${listed(counts.answers)}`,
    `- runs by end: ${listed(runs)}`,
    `- truth after quiet: ${counts.settled} times, ${counts.settledWithin2s} within 2 s, longest ${counts.longestTruthMs} ms`,
    `- boots: ${counts.boots}, longest ${counts.longestBootMs} ms`,
    `- while a mount hung: ${counts.besideMount} answers, longest ${counts.longestBesideMountMs} ms`,
    ...(violation === null ? [] : told(violation, seed, wish)),
    "",
  ].join("\n");
}

function told(violation: NonNullable<Outcome["violation"]>, seed: number, wish: Wish): string[] {
  return [
    "",
    `Violation: ${violation.what}`,
    "",
    "Last actions:",
    ...violation.lastActions.map((line) => `    ${line}`),
    "",
    "The server's last words:",
    ...violation.serverLog.split("\n").map((line) => `    ${line}`),
    "",
    `What was left of it: ${violation.folder}`,
    `Again: npm run torture -- --seed ${seed} --minutes ${wish.minutes} --jobs ${wish.jobs}`,
    "(The same actions in the same order; when the kernel runs what cannot be repeated.)",
  ];
}

function listed(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return entries.length === 0 ? "none" : entries.map(([name, count]) => `${name} ${count}`).join(", ");
}
