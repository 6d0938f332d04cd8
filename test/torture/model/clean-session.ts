import { appendFileSync } from "node:fs";
import { expect, test } from "vitest";
import { summary } from "./report";
import { play, type Wish } from "./session";

/** `npm run torture` hands in what it was asked for. */
const { TORTURE_SEEDS, TORTURE_MINUTES, TORTURE_KILLS, TORTURE_JOBS, TORTURE_REPORT } = process.env;
const minutes = Number(TORTURE_MINUTES ?? 1);
const GUARD_MS = 600_000;

/** A test for each seed that was asked for, or for this one: a session after which no promise may be broken. */
export function cleanSession(fixedSeed: number): void {
  for (const seed of TORTURE_SEEDS?.split(",").map(Number) ?? [fixedSeed]) sessionOf(seed);
}

function sessionOf(seed: number): void {
  const title = `nothing that can happen to a host breaks a promise (seed ${seed}, ${minutes} min)`;
  test(title, { timeout: minutes * 60_000 + GUARD_MS }, async () => {
    const wish: Wish = {
      seed,
      minutes,
      kills: Number(TORTURE_KILLS ?? Number.POSITIVE_INFINITY),
      steps: Number.POSITIVE_INFINITY,
      jobs: Number(TORTURE_JOBS ?? 16),
    };
    const outcome = await play(wish);
    const text = summary(outcome, wish);
    console.log(text);
    if (TORTURE_REPORT !== undefined) appendFileSync(TORTURE_REPORT, `${text}\n`);
    expect(outcome.violation?.what ?? null).toBeNull();
  });
}
