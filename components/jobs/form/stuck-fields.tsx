"use client";

import { useFormContext, useWatch } from "react-hook-form";
import { Checkbox, Field, Select } from "@/components/ui/field";
import { parseDurationText } from "@/lib/client/duration-text";
import type { JobFormValues } from "@/lib/client/job-form-values";
import { STUCK_ACTIONS, type StuckAction } from "@/lib/domain/job";
import { SHORTEST_SAFE_AGE_MS } from "@/lib/domain/plan";
import { FoldedSection } from "./folded-section";
import { TextField } from "./text-field";

const ON_STUCK = {
  alert: "Raise an alert",
  clean: "Clean up the dead ones, and raise an alert",
} as const satisfies Record<StuckAction, string>;

/** What is done about a run that did not end well. */
export function StuckFields() {
  const { register, control } = useFormContext<JobFormValues>();
  const after = parseDurationText(useWatch({ control, name: "stuckAfterMs" }));
  return (
    <FoldedSection
      title="After a failure"
      about="Automatic recovery, and from what age a run counts as stuck."
      fields={["autoRecover", "stuckAfterMs", "onStuck"]}
    >
      <Checkbox
        label="Recover automatically"
        hint="A run that fails or is cut off is resumed if it left something to resume from, otherwise started from the beginning: with growing pauses, until several attempts in a row have failed."
        {...register("autoRecover")}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          name="stuckAfterMs"
          label="Stuck after"
          placeholder="1 d"
          hint="A dead run older than this is cleaned up by the next start, and reported by the periodic check."
        />
        <Field label="When it is stuck">
          {(props) => (
            <Select {...props} {...register("onStuck")}>
              {STUCK_ACTIONS.map((action) => (
                <option key={action} value={action}>
                  {ON_STUCK[action]}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      {after !== null && after < SHORTEST_SAFE_AGE_MS && (
        <Checkbox
          label="Allow less than 12 h"
          hint="Dangerous: a run that is only slow, waits for a rate-limited site or slept with its machine is then taken for dead."
          {...register("allowShort")}
        />
      )}
    </FoldedSection>
  );
}
