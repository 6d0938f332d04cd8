const PARTS = [
  { name: "second", least: 0, most: 59 },
  { name: "minute", least: 0, most: 59 },
  { name: "hour", least: 0, most: 23 },
  { name: "day of the month", least: 1, most: 31 },
  { name: "month", least: 1, most: 12, names: "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC" },
  { name: "day of the week", least: 0, most: 7, names: "SUN MON TUE WED THU FRI SAT" },
] as const;
type Part = (typeof PARTS)[number];

/**
 * What is wrong with an expression that cannot be read, in the words of who types it: croner 11 says 31 where a day is 32, and names modes that are
 * ours.
 * @returns null: no more is known than that it cannot be read
 */
export function expressionProblem(expression: string): string | null {
  const text = expression.trim();
  if (text.startsWith("@"))
    return `${shown(text)} is not one of @hourly, @daily, @weekly, @monthly and @yearly`;
  const parts = text.split(/\s+/);
  if (parts.length !== 5 && parts.length !== 6)
    return `${shown(text)} has ${parts.length === 1 ? "one part" : `${parts.length} parts`}, not five or six`;
  const named = PARTS.slice(PARTS.length - parts.length);
  return (
    named.map((part, at) => partProblem(part, parts[at] ?? "")).find((problem) => problem !== null) ?? null
  );
}

function partProblem(part: Part, text: string): string | null {
  for (const item of text.split(",")) {
    const [range = "", step, ...more] = item.split("/");
    const ends = range.split("-");
    const wrong = ends.find((end) => !fits(part, end));
    if (wrong !== undefined || more.length > 0) return notOne(part, wrong ?? item);
    if (step !== undefined && !(/^\d+$/.test(step) && Number(step) >= 1))
      return `${shown(step)} after the slash of the ${part.name} is not a number of 1 or more`;
    if (step !== undefined && range !== "*" && ends.length === 1)
      return `${shown(item)} needs * or a range such as ${part.least}-${part.most} before its slash`;
    if (ends.length === 2 && Number(ends[0]) > Number(ends[1]))
      return `${shown(range)} begins with the larger ${part.name}`;
  }
  return null;
}

function fits({ least, most, ...part }: Part, text: string): boolean {
  if (/^\d+$/.test(text)) return Number(text) >= least && Number(text) <= most;
  // What has marks of its own (L, W, #, +) is for croner to judge.
  if (text === "*" || text === "?" || /[#+LW]/i.test(text)) return !/[^\w#+*]/.test(text);
  return "names" in part && part.names.split(" ").includes(text.toUpperCase());
}

function notOne({ least, most, name, ...part }: Part, found: string): string {
  const names = "names" in part ? `, or ${part.names.split(" ").slice(0, 2).join(", ")} and so on` : "";
  return `${shown(found)} is not a valid ${name} (${least} to ${most}${names})`;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
