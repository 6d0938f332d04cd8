"use client";

import { useId, useMemo } from "react";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import type { DraftIssues } from "@/lib/client/read-schedule-draft";
import { QUICK_PICKS, type ScheduleDraft } from "@/lib/client/schedule-draft";
import { timezones } from "@/lib/client/zone-time";

export type ScheduleFieldsProps = {
  draft: ScheduleDraft;
  change: (part: Partial<ScheduleDraft>) => void;
  problems: DraftIssues;
};

const WAYS = [
  { by: "cron", label: "At set times (cron)" },
  { by: "interval", label: "At a fixed interval" },
] as const satisfies readonly { by: ScheduleDraft["by"]; label: string }[];

/** When it is due: an expression or an interval, and in which time zone. */
export function WhenFields(props: ScheduleFieldsProps) {
  const { draft, change, problems } = props;
  return (
    <>
      <fieldset>
        <legend className="mb-1 text-sm font-medium">Repeats</legend>
        <div className="flex flex-wrap gap-x-5 gap-y-1">
          {WAYS.map(({ by, label }) => (
            <label key={by} className="flex min-h-6 items-center gap-2 text-sm">
              <input
                type="radio"
                name="by"
                checked={draft.by === by}
                onChange={() => change({ by })}
                className="size-4 accent-accent max-md:size-5"
              />
              {label}
            </label>
          ))}
        </div>
      </fieldset>
      {draft.by === "cron" ? <CronField {...props} /> : <IntervalFields {...props} />}
      <ZoneField draft={draft} change={change} problems={problems} />
    </>
  );
}

function CronField({ draft: { expression }, change, problems }: ScheduleFieldsProps) {
  return (
    <div className="flex flex-col gap-2">
      <Field
        label="Cron expression"
        hint="Minute, hour, day of the month, month, day of the week; with six parts, seconds first."
        error={problems.expression}
      >
        {(control) => (
          <Input
            {...control}
            aria-required
            autoCapitalize="none"
            placeholder="0 3 * * *"
            value={expression}
            maxLength={200}
            onChange={(event) => change({ expression: event.target.value })}
            className="font-mono"
          />
        )}
      </Field>
      <fieldset className="flex flex-wrap gap-1.5">
        <legend className="sr-only">Usual expressions</legend>
        {QUICK_PICKS.map(({ label, expression: picked }) => (
          <Button
            key={label}
            size="sm"
            aria-pressed={expression.trim() === picked}
            onClick={() => change({ expression: picked })}
            className="aria-pressed:border-accent aria-pressed:text-accent"
          >
            {label}
          </Button>
        ))}
      </fieldset>
    </div>
  );
}

function IntervalFields({ draft: { every, from }, change, problems }: ScheduleFieldsProps) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label="Every" hint="Such as 90 s, 10 min or 1 h 30 min." error={problems.every}>
        {(control) => (
          <Input
            {...control}
            aria-required
            placeholder="1 h"
            value={every}
            onChange={(event) => change({ every: event.target.value })}
          />
        )}
      </Field>
      <Field label="Counted from" optional hint="Empty: from now." error={problems.from}>
        {(control) => (
          <Input
            {...control}
            type="datetime-local"
            step={1}
            value={from}
            onChange={(event) => change({ from: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

function ZoneField({ draft: { timezone }, change, problems }: ScheduleFieldsProps) {
  const id = useId();
  const known = useMemo(timezones, []);
  return (
    <Field
      label="Time zone"
      hint="Times follow this zone’s clock, including daylight saving."
      error={problems.timezone}
    >
      {(control) => (
        <>
          <Input
            {...control}
            aria-required
            list={id}
            value={timezone}
            onChange={(event) => change({ timezone: event.target.value })}
          />
          <datalist id={id}>
            {known.map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
