import { describe, expect, test } from "vitest";
import { NO_DAYS_OFF } from "@/lib/domain/schedule";
import { expressionProblem } from "./expression-problem";
import { timesOf } from "./times";

const refusalOf = (expression: string): string => {
  try {
    const timing = { timezone: "UTC", daysOff: NO_DAYS_OFF, startsAt: null, endsAt: null };
    timesOf({ ...timing, when: { by: "cron", expression } });
    return "none";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

describe("what cannot be read is refused", () => {
  test.each([
    ["61 * * * *", '"61" is not a valid minute (0 to 59)'],
    ["0 3 32 * *", '"32" is not a valid day of the month (1 to 31)'],
    ["0 25 * * *", '"25" is not a valid hour (0 to 23)'],
    ["0 3 * foo *", '"foo" is not a valid month (1 to 12, or JAN, FEB and so on)'],
    ["0 3 * * 8", '"8" is not a valid day of the week (0 to 7, or SUN, MON and so on)'],
    ["99 * * * * *", '"99" is not a valid second (0 to 59)'],
    ["every day", '"every day" has 2 parts, not five or six'],
    ["* * * * * * *", "has 7 parts, not five or six"],
    ["@nightly", '"@nightly" is not one of @hourly, @daily, @weekly, @monthly and @yearly'],
    ["*/0 * * * *", '"0" after the slash of the minute is not a number of 1 or more'],
    ["5/15 * * * *", '"5/15" needs * or a range such as 0-59 before its slash'],
    ["0 3 * * 5-1", '"5-1" begins with the larger day of the week'],
    ["1/2/3 * * * *", '"1/2/3" is not a valid minute'],
    ["1,,2 * * * *", '"" is not a valid minute'],
  ])("%s: %s", (expression, words) => {
    expect(expressionProblem(expression)).toContain(words);
    expect(refusalOf(expression), "and by the engine, with these words").toContain(words);
  });
});

test.each(["0 3 * * *", "*/15 9-17 * * MON-FRI", "0 0 L * *", "0 0 * * 1#2", "0 0 15W * *", "* * * * * *"])(
  "%s has no problem",
  (expression) => {
    expect(expressionProblem(expression)).toBeNull();
    expect(refusalOf(expression)).toBe("none");
  },
);
