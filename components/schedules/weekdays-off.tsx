"use client";

import { useId } from "react";

/** 0 is Sunday; a week begins on Monday where people plan it. */
const WEEKDAYS = [
  { day: 1, short: "Mon", name: "Monday" },
  { day: 2, short: "Tue", name: "Tuesday" },
  { day: 3, short: "Wed", name: "Wednesday" },
  { day: 4, short: "Thu", name: "Thursday" },
  { day: 5, short: "Fri", name: "Friday" },
  { day: 6, short: "Sat", name: "Saturday" },
  { day: 0, short: "Sun", name: "Sunday" },
] as const;

type WeekdaysOffProps = {
  weekdays: readonly number[];
  onChange: (weekdays: readonly number[]) => void;
  problem: string | undefined;
};

export function WeekdaysOff({ weekdays, onChange, problem }: WeekdaysOffProps) {
  const id = useId();
  const toggled = (day: number, off: boolean) =>
    off ? [...weekdays, day].sort((one, other) => one - other) : weekdays.filter((one) => one !== day);
  return (
    <fieldset aria-describedby={problem === undefined ? undefined : `${id}-problem`}>
      <legend className="mb-1 text-sm font-medium">
        Weekdays off <span className="ml-0.5 font-normal text-faint">optional</span>
      </legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        {WEEKDAYS.map(({ day, short, name }) => (
          <label key={day} className="flex min-h-6 items-center gap-1.5 text-sm">
            <input
              type="checkbox"
              aria-label={`${name} off`}
              checked={weekdays.includes(day)}
              onChange={(event) => onChange(toggled(day, event.target.checked))}
              className="size-4 accent-accent max-md:size-5"
            />
            {short}
          </label>
        ))}
      </div>
      {problem !== undefined && (
        <p id={`${id}-problem`} role="alert" className="mt-1 text-xs font-medium text-bad">
          {problem}
        </p>
      )}
    </fieldset>
  );
}
