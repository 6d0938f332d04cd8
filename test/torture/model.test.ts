import { appendFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { cleanUp } from "../server";
import { summary } from "./model/report";
import { play, type Wish } from "./model/session";

/**
 * Whatever happens in whatever order, no promise is broken: docs/reliability.md tells how. Alone it plays three fixed seeds for a
 * minute each; `npm run torture` hands it others (TORTURE_…).
 */

const FIXED_SEEDS = [11, 22, 33];
const { TORTURE_SEEDS, TORTURE_MINUTES, TORTURE_KILLS, TORTURE_JOBS, TORTURE_REPORT } = process.env;
const minutes = Number(TORTURE_MINUTES ?? 1);
const seeds = TORTURE_SEEDS?.split(",").map(Number) ?? FIXED_SEEDS;
const GUARD_MS = 300_000;

afterAll(cleanUp);

for (const seed of seeds) {
  test(`nothing that can happen to a host breaks a promise (seed ${seed}, ${minutes} min)`, {
    timeout: minutes * 60_000 + GUARD_MS,
  }, async () => {
    const wish: Wish = {
      seed,
      minutes,
      kills: Number(TORTURE_KILLS ?? Number.POSITIVE_INFINITY),
      steps: Number.POSITIVE_INFINITY,
      jobs: Number(TORTURE_JOBS ?? 15),
    };
    const outcome = await play(wish);
    const text = summary(outcome, wish);
    console.log(text);
    if (TORTURE_REPORT !== undefined) appendFileSync(TORTURE_REPORT, `${text}\n`);
    expect(outcome.violation?.what ?? null).toBeNull();
  });
}
