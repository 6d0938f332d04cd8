/**
 * Reads cron expressions for tests, in its own way: what it says of a moment is compared with the engine's answer, so it shares no code with it. It takes what
 * the tests write, and does not look for mistakes.
 */

const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const MONTHS = ["", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

export type Expression = {
  /** No `*` and no step in second, minute and hour. */
  readonly isFixed: boolean;
  readonly seconds: readonly number[];
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  /** Whether a day fits; as midnight of it in UTC. */
  readonly fitsDay: (day: number) => boolean;
};

const MACROS: Readonly<Record<string, string>> = {
  ...{ "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *" },
};

export function readExpression(text: string): Expression {
  const fields = (MACROS[text] ?? text).split(" ");
  const [second = "", minute = "", hour = "", dayOfMonth = "", month = "", dayOfWeek = ""] =
    fields.length === 5 ? ["0", ...fields] : fields;
  const months = numbersOf(month, 1, 12, MONTHS);
  const ofMonth = dayOfMonth.split(",").map(daysOfMonth);
  const ofWeek = dayOfWeek.split(",").map(daysOfWeek);
  // As crontab(5) has it: a field that starts with a star restricts nothing by itself.
  const isEither = !dayOfMonth.startsWith("*") && !dayOfWeek.startsWith("*");
  const fitsDay = (at: number) => {
    const day = dayOf(at);
    const [one, other] = [ofMonth.some((fits) => fits(day)), ofWeek.some((fits) => fits(day))];
    return months.has(day.month) && (isEither ? one || other : one && other);
  };
  return {
    isFixed: ![second, minute, hour].some((field) => /[*/]/.test(field)),
    seconds: [...numbersOf(second, 0, 59)].sort((one, other) => one - other),
    minutes: numbersOf(minute, 0, 59),
    hours: numbersOf(hour, 0, 23),
    fitsDay,
  };
}

type Day = {
  readonly day: number;
  readonly month: number;
  readonly weekday: number;
  readonly last: number;
  readonly first: number;
};
type Fits = (day: Day) => boolean;

function dayOf(at: number): Day {
  const date = new Date(at);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return {
    ...{ day: date.getUTCDate(), month: month + 1, weekday: date.getUTCDay() },
    last: new Date(Date.UTC(year, month + 1, 0)).getUTCDate(),
    first: new Date(Date.UTC(year, month, 1)).getUTCDay(),
  };
}

function daysOfMonth(item: string): Fits {
  if (item === "L") return ({ day, last }) => day === last;
  if (item === "LW") return (one) => one.day === nearestWorkday(one, one.last);
  if (item.endsWith("W")) {
    const wanted = Number.parseInt(item, 10);
    return (one) => wanted <= one.last && one.day === nearestWorkday(one, wanted);
  }
  const days = numbersOf(item, 1, 31);
  return ({ day }) => days.has(day);
}

/** Of the same month: the 1st that is a Saturday gives the 3rd. */
function nearestWorkday({ first, last }: Day, wanted: number): number {
  const isWorkday = (day: number) => day >= 1 && day <= last && ![0, 6].includes((first + day - 1) % 7);
  return [0, -1, 1, -2, 2].map((by) => wanted + by).find(isWorkday) ?? Number.NaN;
}

function daysOfWeek(item: string): Fits {
  const [, name = "", nth] = /^(.+?)(?:#(\d)|(?<=.)L)?$/.exec(item) ?? [];
  const days = numbersOf(name, 0, 7, WEEKDAYS);
  const fits = ({ weekday }: Day) => days.has(weekday) || (weekday === 0 && days.has(7));
  if (nth !== undefined) return (one) => fits(one) && Math.ceil(one.day / 7) === Number(nth);
  if (item.endsWith("L")) return (one) => fits(one) && one.day > one.last - 7;
  return fits;
}

function numbersOf(field: string, min: number, max: number, names: readonly string[] = []): Set<number> {
  const numbers = new Set<number>();
  for (const item of field.split(",")) {
    const [range = "", step = "1"] = item.split("/");
    const [from = "", to = from] = range === "*" ? [`${min}`, `${max}`] : range.split("-");
    const [first, last] = [from, to].map((text) =>
      names.includes(text) ? names.indexOf(text) : Number(text),
    );
    for (let number = first ?? 0; number <= (last ?? 0); number += Number(step)) numbers.add(number);
  }
  return numbers;
}
