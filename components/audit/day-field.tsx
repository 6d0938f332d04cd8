"use client";

import { useId, useState } from "react";
import { Input } from "@/components/ui/field";
import { startOfDay } from "@/lib/client/day";

type DayFieldProps = {
  label: string;
  /** Empty: any. */
  day: string;
  onChange: (day: string | null) => void;
};

/** A date that counts as soon as it is one: while a year is typed it passes through years that no one means. */
export function DayField({ label, day, onChange }: DayFieldProps) {
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <div className="flex items-center gap-1.5 text-xs text-muted max-sm:w-[calc(50%-0.25rem)]">
      <label htmlFor={id} className="shrink-0 max-sm:w-8">
        {label}
      </label>
      <Input
        id={id}
        type="date"
        value={typed ?? day}
        onChange={({ target: { value } }) => {
          setTyped(value);
          if (value === "") onChange(null);
          else if (startOfDay(value) !== null) onChange(value);
        }}
        onBlur={() => setTyped(null)}
        className="w-33 max-sm:w-full max-sm:min-w-0"
      />
    </div>
  );
}
