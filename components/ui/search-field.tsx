"use client";

import { Search, X } from "lucide-react";
import { useRef } from "react";
import { Button } from "./button";
import { Input } from "./field";

type SearchFieldProps = { label: string; value: string; onChange: (value: string) => void };

/** Filters while one types; `/` brings the cursor here, Escape empties it and then leaves. */
export function SearchField({ label, value, onChange }: SearchFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="relative w-72 max-w-full min-w-0 max-sm:flex-1">
      <Search
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-faint"
      />
      <Input
        ref={input}
        type="text"
        role="searchbox"
        data-search
        aria-label={label}
        aria-keyshortcuts="/"
        placeholder={`${label}…`}
        value={value}
        maxLength={100}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          if (value === "") input.current?.blur();
          else onChange("");
        }}
        className="px-8"
      />
      {value !== "" && (
        <Button
          look="quiet"
          size="icon"
          aria-label="Clear"
          onClick={() => {
            onChange("");
            input.current?.focus();
          }}
          className="absolute top-1/2 right-0.5 size-7 -translate-y-1/2"
        >
          <X aria-hidden />
        </Button>
      )}
    </div>
  );
}
