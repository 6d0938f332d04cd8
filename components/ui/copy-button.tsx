"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "./button";

const SHOWN_MS = 1_500;

/** Copies `text`. Outside a secure context there is no clipboard: then the press selects nothing and the button says so. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [outcome, setOutcome] = useState<"copied" | "refused" | null>(null);
  useEffect(() => {
    if (outcome === null) return;
    const timer = setTimeout(() => setOutcome(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = () => {
    const written = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error("no clipboard"));
    written.then(
      () => setOutcome("copied"),
      () => setOutcome("refused"),
    );
  };
  const word =
    outcome === "copied" ? "Copied" : outcome === "refused" ? "Copying is not allowed here" : label;
  return (
    <Button
      size="icon"
      look="quiet"
      onClick={copy}
      aria-label={word}
      title={word}
      className="size-6 max-md:size-8"
    >
      {outcome === "copied" ? <Check aria-hidden className="text-accent" /> : <Copy aria-hidden />}
    </Button>
  );
}
