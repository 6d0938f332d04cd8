"use client";

import type { ReactNode } from "react";
import { Field, Input, Select, Textarea } from "@/components/ui/field";
import { isMissedPolicy, type ScheduleDraft } from "@/lib/client/schedule-draft";
import { MISSED_POLICIES, MOST_MISSED, OVERLAPS, SLOT_MODES } from "@/lib/domain/schedule";
import { WeekdaysOff } from "./weekdays-off";
import type { ScheduleFieldsProps } from "./when-fields";

const MISSED_WORDS = {
  skip: "Skip them",
  last: "Start the newest, unless the next is near",
  all: "Start all of them, up to a number",
} as const satisfies Record<ScheduleDraft["missed"], string>;

const OVERLAP_WORDS = {
  skip: "Skip the time",
  queue: "Wait for its end, then start",
} as const satisfies Record<ScheduleDraft["overlap"], string>;

const MODE_WORDS = {
  auto: "Resume where possible",
  fresh: "Start over each time",
} as const satisfies Record<ScheduleDraft["mode"], string>;

/** What most schedules leave as it is. */
export function MoreFields({ draft, change, problems }: ScheduleFieldsProps) {
  const text = (name: TextName) => ({
    value: draft[name],
    problem: problems[name],
    onChange: (value: string) => change({ [name]: value }),
  });
  return (
    <>
      <Text {...text("title")} label="Title" placeholder="Nightly prices" maxLength={120} />
      <div className="grid gap-4 sm:grid-cols-2">
        <Text
          {...text("startsAt")}
          label="Starts"
          kind="datetime-local"
          hint="In the schedule’s time zone. Empty: from now on."
        />
        <Text
          {...text("endsAt")}
          label="Ends"
          kind="datetime-local"
          hint="Nothing starts from then on. Empty: it has no end."
        />
      </div>
      <Field
        label="Days off"
        optional
        hint="2026-12-24, or 2026-12-24 to 2027-01-06; one per line. Nothing is started on them."
        error={problems.dates}
      >
        {(control) => (
          <Textarea
            {...control}
            rows={2}
            value={draft.dates}
            onChange={(event) => change({ dates: event.target.value })}
          />
        )}
      </Field>
      <WeekdaysOff
        weekdays={draft.weekdays}
        onChange={(weekdays) => change({ weekdays })}
        problem={problems.weekdays}
      />
      <Text
        {...text("jitter")}
        label="Jitter"
        placeholder="5 min"
        hint="Delays each start by up to this much, so that many schedules do not start in the same second."
      />
      <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_8rem]">
        <Field
          label="Missed times"
          hint="Times that passed while the dashboard was down or the host was asleep."
          error={problems.missed}
        >
          {(control) => (
            <Select
              {...control}
              value={draft.missed}
              onChange={({ target: { value } }) => isMissedPolicy(value) && change({ missed: value })}
            >
              {MISSED_POLICIES.map((policy) => (
                <option key={policy} value={policy}>
                  {MISSED_WORDS[policy]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {draft.missed === "all" && (
          <Text {...text("most")} label="At most" optional={false} hint={`1 to ${MOST_MISSED}.`} />
        )}
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="While the job runs" hint="No matter what started that run." error={problems.overlap}>
          {(control) => (
            <Select
              {...control}
              value={draft.overlap}
              onChange={({ target: { value } }) => change({ overlap: value === "queue" ? "queue" : "skip" })}
            >
              {OVERLAPS.map((overlap) => (
                <option key={overlap} value={overlap}>
                  {OVERLAP_WORDS[overlap]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Work that can be resumed" error={problems.mode}>
          {(control) => (
            <Select
              {...control}
              value={draft.mode}
              onChange={({ target: { value } }) => change({ mode: value === "fresh" ? "fresh" : "auto" })}
            >
              {SLOT_MODES.map((mode) => (
                <option key={mode} value={mode}>
                  {MODE_WORDS[mode]}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <Text
        {...text("args")}
        label="Arguments"
        mono
        placeholder="--pages 7"
        hint="What the program is given after the job’s own. Quotes work as usual; no shell is involved."
      />
    </>
  );
}

type TextName = "title" | "startsAt" | "endsAt" | "jitter" | "most" | "args";
type TextFieldProps = {
  label: string;
  value: string;
  onChange: (value: string) => void;
  problem: string | undefined;
  hint?: ReactNode;
  placeholder?: string;
  kind?: "datetime-local";
  maxLength?: number;
  optional?: boolean;
  mono?: boolean;
};

function Text(props: TextFieldProps) {
  const {
    label,
    value,
    onChange,
    problem,
    hint,
    placeholder,
    kind,
    maxLength,
    optional = true,
    mono,
  } = props;
  return (
    <Field label={label} optional={optional} hint={hint} error={problem}>
      {(control) => (
        <Input
          {...control}
          type={kind ?? "text"}
          step={kind === "datetime-local" ? 1 : undefined}
          maxLength={maxLength}
          placeholder={placeholder}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className={mono === true ? "font-mono" : undefined}
        />
      )}
    </Field>
  );
}
