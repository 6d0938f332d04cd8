"use client";

import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Checkbox, Input } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { useMay } from "@/lib/client/may";
import { AGE_CHOICES, isShortAge, MOST_HOURS, readAgeHours, SAFE_HOURS } from "@/lib/client/stuck-age";

type ThresholdProps = { ageHours: number | null; onChange: (ageHours: number | null) => void };

/** From which age on a run is listed. */
export function Threshold({ ageHours, onChange }: ThresholdProps) {
  const offered = AGE_CHOICES.includes(ageHours);
  return (
    <fieldset className="flex min-w-0 flex-wrap items-center gap-1.5">
      <legend className="float-left mr-1 py-1 text-sm text-muted max-sm:w-full">Older than</legend>
      {AGE_CHOICES.map((hours) => (
        <Button
          key={hours ?? "any"}
          size="sm"
          aria-pressed={hours === ageHours}
          onClick={() => onChange(hours)}
          className={cn(hours === ageHours && "border-accent bg-raised text-accent")}
        >
          {hours === null ? "Any age" : `${hours} h`}
        </Button>
      ))}
      <OwnAge key={ageHours ?? "any"} initial={offered ? "" : String(ageHours)} onChange={onChange} />
    </fieldset>
  );
}

function OwnAge({ initial, onChange }: { initial: string; onChange: (ageHours: number | null) => void }) {
  const [text, setText] = useState(initial);
  const hours = readAgeHours(text);
  const wrong = text.trim() !== "" && hours === null;
  const hintId = useId();
  return (
    <form
      className="flex flex-wrap items-center gap-1.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (hours !== null) onChange(hours);
      }}
    >
      <Input
        aria-label="Hours of your own"
        aria-invalid={wrong || undefined}
        aria-describedby={wrong ? hintId : undefined}
        inputMode="decimal"
        placeholder="hours"
        value={text}
        onChange={(event) => setText(event.target.value)}
        className={cn("h-7 w-16 text-xs max-md:h-9", initial !== "" && "border-accent")}
      />
      <Button size="sm" type="submit" disabled={hours === null}>
        Set
      </Button>
      {wrong && (
        <p id={hintId} role="alert" className="text-xs text-bad">
          Hours as a number, from 0 to {MOST_HOURS}.
        </p>
      )}
    </form>
  );
}

type ShortAgeProps = { ageHours: number | null; allowed: boolean; onAllow: (allowed: boolean) => void };

/** Why a short threshold is dangerous, and the tick that says it was read. */
export function ShortAgeNotice({ ageHours, allowed, onAllow }: ShortAgeProps) {
  const cleans = useMay().may("operator", null);
  if (!isShortAge(ageHours)) return null;
  return (
    <Notice tone="warn" title={`${ageHours} h is short for calling a run dead`}>
      <p>
        Below {SAFE_HOURS} hours a run that is merely slow is easily taken for dead: one that waits for a
        limited site, or whose machine was asleep. Looking is harmless.
        {cleans &&
          " Cleaning up by this threshold has to be allowed first; a live process is never touched either way."}
      </p>
      {cleans && (
        <Checkbox
          className="mt-2"
          label={`Clean up runs younger than ${SAFE_HOURS} hours too`}
          checked={allowed}
          onChange={(event) => onAllow(event.target.checked)}
        />
      )}
    </Notice>
  );
}
