"use client";

import { type FormEventHandler, useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import type { Attempt } from "./attempt";
import { Refusal } from "./refusal";

type CodeStepProps = {
  name: string;
  attempt: Attempt;
  onSubmit: FormEventHandler<HTMLFormElement>;
  back: () => void;
};

const FROM = {
  app: {
    label: "Code",
    hint: "The six digits that your authenticator app shows now.",
    other: "Use a recovery code",
    inputMode: "numeric",
    autoComplete: "one-time-code",
  },
  recovery: {
    label: "Recovery code",
    hint: "One of the codes you kept when you set up the second factor. Each works once.",
    other: "Use the authenticator app",
    inputMode: "text",
    autoComplete: "off",
  },
} as const;

/** The second factor. Either kind of code is accepted by the field; the choice is about the keyboard and the words. */
export function CodeStep({ name, attempt: { busy, error, wait }, onSubmit, back }: CodeStepProps) {
  const [from, setFrom] = useState<keyof typeof FROM>("app");
  const input = useRef<HTMLInputElement>(null);
  // What was here is gone, and this is what is asked for now.
  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    if (error !== null) input.current?.select();
  }, [error]);
  const { label, hint, other, inputMode, autoComplete } = FROM[from];
  return (
    <form method="post" onSubmit={onSubmit} className="flex flex-col gap-4">
      <p className="text-sm text-muted">
        Signing in as <span className="font-medium wrap-anywhere text-fg">{name}</span>
      </p>
      <Refusal error={error} wait={wait} wrong="The code is wrong or was used before">
        Wait for the next code of the app, and check that the clock of your phone is right.
      </Refusal>
      <Field label={label} hint={hint}>
        {(control) => (
          <Input
            {...control}
            ref={input}
            name="code"
            inputMode={inputMode}
            autoComplete={autoComplete}
            autoCapitalize="none"
            maxLength={40}
            required
            className="font-mono tracking-wider"
          />
        )}
      </Field>
      <Button
        type="submit"
        look="main"
        busy={busy}
        disabled={wait > 0}
        className="mt-1 h-9 w-full max-md:h-11"
      >
        Sign in
      </Button>
      <div className="flex flex-wrap justify-between gap-2">
        <Button
          size="sm"
          look="quiet"
          onClick={() => {
            setFrom(from === "app" ? "recovery" : "app");
            input.current?.focus();
          }}
        >
          {other}
        </Button>
        <Button size="sm" look="quiet" onClick={back}>
          Use another account
        </Button>
      </div>
    </form>
  );
}
