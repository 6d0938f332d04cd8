"use client";

import { Plus, X } from "lucide-react";
import { useFieldArray, useFormContext, useWatch } from "react-hook-form";
import { Button } from "@/components/ui/button";
import { Field, Input, Select } from "@/components/ui/field";
import type { JobFormValues } from "@/lib/client/job-form-values";
import { nextSignalRow } from "@/lib/client/signal-rows";
import {
  MOST_SIGNAL_STEPS,
  SIGNAL_TARGETS,
  type SignalTarget,
  STOP_SIGNALS,
} from "@/lib/domain/signal-profile";
import { FoldedSection } from "./folded-section";
import { RowsFooter } from "./rows-footer";
import { TextField } from "./text-field";

const TO_WORDS = {
  program: "The program, behind shells and wrappers",
  group: "Its process group",
  tree: "Every process of the run",
} as const satisfies Record<SignalTarget, string>;

/** How a run is asked to end: to whom its signals go, which they are, and how long each may take. */
export function StopFields() {
  const { register } = useFormContext<JobFormValues>();
  return (
    <FoldedSection
      title="How it is stopped"
      about="Which signals ask it to stop, and how long it may take."
      fields={["signalsTo", "signals"]}
    >
      <Field
        label="Signal goes to"
        hint="Helpers, such as a browser or tee, are signalled after two thirds of the time."
      >
        {(control) => (
          <Select {...control} {...register("signalsTo")}>
            {SIGNAL_TARGETS.map((target) => (
              <option key={target} value={target}>
                {TO_WORDS[target]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <SignalSteps />
    </FoldedSection>
  );
}

function SignalSteps() {
  const { control, getValues, setValue, formState } = useFormContext<JobFormValues>();
  const { fields, append, remove } = useFieldArray({ control, name: "signals" });
  const kind = useWatch({ control, name: "kind" });
  const problem = formState.errors.signals?.message ?? formState.errors.signals?.root?.message;
  const add = () => {
    append(nextSignalRow(kind, getValues("signals"), getValues("stopGraceMs")));
    setValue("stopGraceMs", "");
  };
  return (
    <>
      {fields.length === 0 && (
        <TextField
          name="stopGraceMs"
          label="Stop grace period"
          optional
          placeholder="the default of its kind"
          hint="How long it may take after the default signal of its kind, before it is killed."
        />
      )}
      <fieldset className="flex min-w-0 flex-col gap-2">
        <legend className="mb-1 text-sm font-medium">
          Signals <span className="ml-0.5 font-normal text-faint">optional</span>
        </legend>
        {fields.map(({ id }, at) => (
          <SignalStep key={id} at={at} remove={() => remove(at)} />
        ))}
        {fields.length < MOST_SIGNAL_STEPS && (
          <div>
            <Button size="sm" icon={<Plus aria-hidden />} onClick={add}>
              {fields.length === 0 ? "Choose the signal" : "Add another signal"}
            </Button>
          </div>
        )}
        <RowsFooter problem={problem}>
          Signals are sent in this order, with a wait after each. Whatever is still running after the last
          wait is killed. Scrapy and Crawlee take one signal; a second one makes them drop their work.
        </RowsFooter>
      </fieldset>
    </>
  );
}

function SignalStep({ at, remove }: { at: number; remove: () => void }) {
  const { register } = useFormContext<JobFormValues>();
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] items-start gap-2">
      <Select {...register(`signals.${at}.signal`)} aria-label={`Signal ${at + 1}`}>
        {STOP_SIGNALS.map((signal) => (
          <option key={signal} value={signal}>
            {signal}
          </option>
        ))}
      </Select>
      <Input
        {...register(`signals.${at}.wait`)}
        aria-label={`Wait after signal ${at + 1}`}
        placeholder="10 s"
      />
      <Button look="quiet" size="icon" aria-label={`Remove signal ${at + 1}`} onClick={remove}>
        <X aria-hidden />
      </Button>
    </div>
  );
}
