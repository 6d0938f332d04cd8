"use client";

import { useId, useState } from "react";
import { Input } from "@/components/ui/field";

type ActorFieldProps = {
  actor: string;
  known: readonly string[];
  /** null: everyone. */
  onChange: (actor: string | null) => void;
};

/** A name in full. Known ones are offered; any other, of a user who is gone, counts once it is left or Enter is pressed. */
export function ActorField({ actor, known, onChange }: ActorFieldProps) {
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const take = (name: string) => {
    setTyped(null);
    if (name !== actor) onChange(name === "" ? null : name);
  };
  return (
    <>
      <Input
        aria-label="Who"
        data-search
        type="text"
        list={id}
        placeholder="Everyone"
        autoCapitalize="none"
        maxLength={80}
        value={typed ?? actor}
        onChange={({ target: { value } }) => {
          if (value === "" || known.includes(value)) take(value);
          else setTyped(value);
        }}
        onBlur={() => typed !== null && take(typed.trim())}
        onKeyDown={(event) => {
          if (event.key === "Enter" && typed !== null) take(typed.trim());
          if (event.key === "Escape") setTyped(null);
        }}
        className="w-34 max-sm:w-[calc(50%-0.25rem)]"
      />
      <datalist id={id}>
        {known.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}
