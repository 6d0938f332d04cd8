import { EXIT, Refusal } from "./exit-codes.mjs";
import { jobPath } from "./paths.mjs";

/** @typedef {import("../lib/contracts/schedule").ListedSchedule} ListedSchedule */

/** @param {Pick<ListedSchedule, "job" | "id">} schedule */
export function schedulePath({ job, id }) {
  return jobPath(job, `/schedules/${encodeURIComponent(id)}`);
}

/**
 * Its job is part of its address, which who types its id need not know.
 * @param {import("./program.mjs").Context} context
 * @param {string} id
 * @returns {Promise<ListedSchedule>}
 */
export async function scheduleOf({ dashboard }, id) {
  /** @type {{ items: ListedSchedule[] }} */
  const { items } = await dashboard.call("GET", "/api/v1/schedules");
  const found = items.find((schedule) => schedule.id === id);
  if (found === undefined)
    throw new Refusal(EXIT.noJob, `There is no schedule "${id}". unstuck schedules lists those there are.`);
  return found;
}

/**
 * When it is due, as the API has it.
 * @param {string | undefined} expression
 * @param {Record<string, any>} options `every` in milliseconds
 */
export function whenOf(expression, { every, from }) {
  if ((expression === undefined) === (every === undefined))
    throw new Refusal(
      EXIT.usage,
      'Expected an expression such as "0 3 * * *" in quotes, or --every 1h, and not both.',
    );
  if (expression !== undefined && from !== undefined)
    throw new Refusal(EXIT.usage, "--from is of --every: an expression counts from nothing.");
  if (every === undefined) return { by: "cron", expression };
  return { by: "interval", everyMs: every, from: from ?? new Date().toISOString() };
}

/** @param {Record<string, any>} options */
export function timezoneOf({ timezone }) {
  return timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/**
 * `Every day at 03:00 (Europe/Vienna)`; an interval has no zone, unless days off are counted in it.
 * @param {Pick<ListedSchedule, "words" | "when" | "timezone" | "daysOff">} schedule
 */
export function whenText({ words, when, timezone, daysOff }) {
  const hasZone = when.by === "cron" || daysOff.dates.length + daysOff.weekdays.length > 0;
  return hasZone ? `${words} (${timezone})` : words;
}

/** @param {Pick<ListedSchedule, "enabled" | "next">} schedule */
export function stateText({ enabled, next }) {
  if (!enabled) return "paused";
  return next === null ? "ended" : "active";
}

/**
 * In a sentence, after something was done with it.
 * @param {import("./program.mjs").Context} context
 * @param {import("../lib/contracts/schedule").ScheduleView} schedule
 */
export function tellSchedule({ screen }, schedule) {
  if (screen.isJson) return screen.json(schedule);
  const { id, job, next } = schedule;
  const state = stateText(schedule);
  const then = next === null ? state : `next ${next.local} ${next.offset}`;
  screen.print(`${id} starts ${job}: ${whenText(schedule)}; ${then}.`);
  if (next?.words != null) screen.print(`${next.local}: ${next.words}.`);
}
