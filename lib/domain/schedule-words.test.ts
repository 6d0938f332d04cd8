import { expect, test } from "vitest";
import { scheduleWords } from "./schedule-words";

test.each([
  ["* * * * * *", "Every second"],
  ["*/15 * * * * *", "Every 15 seconds"],
  ["* * * * *", "Every minute"],
  ["0 * * * * *", "Every minute"],
  ["*/15 * * * *", "Every 15 minutes"],
  ["*/15 * * * 1-5", "Every 15 minutes, Monday to Friday"],
  ["*/15 9-17 * * MON-FRI", "Every 15 minutes from 09:00 to 17:45, Monday to Friday"],
  ["* 3 * * *", "Every minute from 03:00 to 03:59"],
  ["0 * * * *", "Every hour"],
  ["15 * * * *", "Every hour at :15"],
  ["0,30 * * * *", "Every hour at :00 and :30"],
  ["5 */6 * * *", "Every 6 hours at :05"],
  ["0 9-17 * * *", "Every hour from 09:00 to 17:00"],
  ["0 */2 * * 1", "Every 2 hours, on every Monday"],
  ["0 3 * * *", "Every day at 03:00"],
  ["30 0 3 * * *", "Every day at 03:00:30"],
  ["0 3,15 * * *", "Every day at 03:00 and 15:00"],
  ["0,30 8,9 * * *", "Every day at 08:00, 08:30, 09:00 and 09:30"],
  ["0 3 * * 1", "Every Monday at 03:00"],
  ["0 3 * * 1-5", "Monday to Friday at 03:00"],
  ["0 3 * * 0,6", "Saturday and Sunday at 03:00"],
  ["0 3 * * sat,SUN", "Saturday and Sunday at 03:00"],
  ["0 3 * * 5-7", "Friday to Sunday at 03:00"],
  ["0 3 * * 1,3,5", "Monday, Wednesday and Friday at 03:00"],
  ["0 3 * * 0-6", "Every day at 03:00"],
  ["0 3 1 * *", "On the 1st of every month at 03:00"],
  ["0 3 2,15,23 * *", "On the 2nd, 15th and 23rd of every month at 03:00"],
  ["0 3 11 * *", "On the 11th of every month at 03:00"],
  ["0 3 L * *", "On the last day of every month at 03:00"],
  ["0 3 24 12 *", "Every year on 24 December at 03:00"],
  ["0 3 24 dec ?", "Every year on 24 December at 03:00"],
  ["@daily", "Every day at 00:00"],
  ["@Weekly", "Every Sunday at 00:00"],
  ["  0   3 * * *  ", "Every day at 03:00"],
])("%s is in words: %s", (expression, words) => {
  expect(scheduleWords({ by: "cron", expression })).toBe(words);
});

test.each([
  // Not every 7 minutes: after 56 comes 0.
  "*/7 * * * *",
  "*/5 * * * 8",
  // On either of the two, or on both: it depends on who reads it.
  "0 3 13 * 5",
  "0 3 */2 * *",
  "0 3 * 1-3 *",
  "0 3 * * 1#2",
  "0 3 * * 5-1",
  "0 1,2,3,4,5 * * *",
  "* 3 * * * *",
  "0 3 * *",
  "every day",
  "",
])("%j has no short words and stays as it is", (expression) => {
  expect(scheduleWords({ by: "cron", expression })).toBe(expression);
});

test.each([
  [1_000, "Every second"],
  [90_000, "Every 90 seconds"],
  [3_600_000, "Every hour"],
  [5_400_000, "Every 90 minutes"],
  [86_400_000 * 2, "Every 2 days"],
  [1_500, "Every 1500 ms"],
])("an interval of %d ms is in words: %s", (everyMs, words) => {
  expect(scheduleWords({ by: "interval", everyMs })).toBe(words);
});
