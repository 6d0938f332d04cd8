import { type Expression, readExpression } from "./expression";

/** So long a zone is ahead of UTC by `offset`. Everything in milliseconds. */
export type Stretch = { readonly from: number; readonly to: number; readonly offset: number };

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Looks at the offset of every hour, and where it has changed at every minute of that hour. */
export function stretchesOf(timezone: string, from: number, to: number): readonly Stretch[] {
  const format = new Intl.DateTimeFormat("en-US", { timeZone: timezone, timeZoneName: "longOffset" });
  const offsetAt = (at: number) => {
    const [, sign = "+", hours = "0", minutes = "0"] =
      /GMT(?:([+-])(\d+):(\d+))?/.exec(format.format(at)) ?? [];
    return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  };
  const stretches: Stretch[] = [];
  let [begin, offset] = [from, offsetAt(from)];
  for (let hour = from + HOUR_MS; hour <= to; hour += HOUR_MS) {
    if (offsetAt(hour) === offset) continue;
    let change = hour - HOUR_MS;
    while (offsetAt(change) === offset) change += MINUTE_MS;
    stretches.push({ from: begin, to: change, offset });
    [begin, offset] = [change, offsetAt(change)];
  }
  return [...stretches, { from: begin, to, offset }];
}

/**
 * All times of an expression, by a walk over every minute of every day. Where clocks are set forward a fixed time of the hour that is left out comes right after it,
 * and several of them once; where they are set back it comes in the first of the two hours. What has a `*` or a step comes whenever the clock shows it.
 */
export function walkedTimes(text: string, stretches: readonly Stretch[]): readonly number[] {
  const expression = readExpression(text);
  const { isFixed, seconds } = expression;
  return stretches.flatMap(({ from, to, offset }, index) => {
    const before = stretches[index - 1]?.offset ?? offset;
    const isMoved = isFixed && shownMinutes(expression, from + before, from + offset).length > 0;
    // Without what the clock has shown before it was set back.
    const begin = isFixed ? Math.max(from, from + before - offset) : from;
    const times = shownMinutes(expression, begin + offset, to + offset).flatMap((wall) =>
      seconds.map((second) => wall - offset + second * 1_000),
    );
    return isMoved && times[0] !== from ? [from, ...times] : times;
  });
}

/** The minutes that fit, on a wall clock that shows all of them in a row; as if it were UTC. */
function shownMinutes({ minutes, hours, fitsDay }: Expression, from: number, to: number): number[] {
  const ofADay = Array.from({ length: 1_440 }, (_, minute) => minute)
    .filter((minute) => minutes.has(minute % 60) && hours.has(Math.floor(minute / 60)))
    .map((minute) => minute * MINUTE_MS);
  const shown: number[] = [];
  for (let day = from - (from % DAY_MS); day < to; day += DAY_MS) {
    if (!fitsDay(day)) continue;
    for (const sinceMidnight of ofADay) {
      const wall = day + sinceMidnight;
      if (wall >= from && wall < to) shown.push(wall);
    }
  }
  return shown;
}
