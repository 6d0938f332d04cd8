import { randomInt } from "node:crypto";
import type { HoldId, PlanId, RunId, ScheduleId } from "@/lib/domain/ids";
import { nextStamp } from "@/lib/domain/ids";
import type { Reads } from "./statements";

/** Ids of new rows. Each sorts behind every one issued before, also by earlier dashboards, whatever the clock says. */
export type Ids = {
  run(now: number): RunId;
  plan(now: number): PlanId;
  alert(now: number): string;
  schedule(now: number): ScheduleId;
  hold(now: number): HoldId;
};

const ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";

/** `length` characters of 0-9 a-z, unguessable. */
export function entropy(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
}

/** Goes on above the newest ids there are. */
export function readIds(db: Reads): Ids {
  const newest = db.one<Newest>`
    SELECT (SELECT max("id") FROM "Run") AS "run", (SELECT max("id") FROM "Plan") AS "plan",
      (SELECT max("id") FROM "Alert") AS "alert", (SELECT max("id") FROM "Schedule") AS "schedule",
      (SELECT max("id") FROM "Hold") AS "hold"`;
  return idsAbove(newest ?? {});
}

type Newest = { readonly [Name in keyof Ids]?: string | null };

export function idsAbove(newest: Newest): Ids {
  return {
    hold: series<HoldId>("hold_", newest.hold),
    schedule: series<ScheduleId>("sch_", newest.schedule),
    run: series<RunId>("run_", newest.run),
    plan: series<PlanId>("plan_", newest.plan),
    alert: series<string>("alert_", newest.alert),
  };
}

function series<Id extends string>(prefix: string, newest: string | null | undefined): (now: number) => Id {
  let last = newest?.slice(prefix.length) ?? "";
  return (now) => {
    last = nextStamp(last, now, entropy(STAMP_LENGTH / 2));
    return `${prefix}${last}` as Id;
  };
}

const STAMP_LENGTH = 20;
