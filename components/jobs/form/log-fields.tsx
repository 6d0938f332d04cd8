"use client";

import { useFormContext } from "react-hook-form";
import { Checkbox, Field, Select } from "@/components/ui/field";
import type { JobFormValues } from "@/lib/client/job-form-values";
import { LOG_WAYS, type LogWay } from "@/lib/domain/job";
import { FoldedSection } from "./folded-section";
import { TextField } from "./text-field";

const WAY_WORDS = {
  auto: "Automatic – a pipe where the command or script names /dev/stderr or /dev/stdout",
  file: "By the program itself – fastest",
  pipe: "Through a pipe – reopening /dev/stderr loses nothing",
} as const satisfies Record<LogWay, string>;

/** How output gets into the log, and how it is read. */
export function LogFields() {
  const { register } = useFormContext<JobFormValues>();
  return (
    <FoldedSection
      title="Log"
      about="How the program's output gets into its log, how it is read, and by whom."
      fields={["logVia", "logEncoding", "privateLog"]}
    >
      <Field
        label="How output is written"
        hint="A program that reopens its output, as tee /dev/stderr does, empties a log file. A pipe cannot be emptied."
      >
        {(control) => (
          <Select {...control} {...register("logVia")}>
            {LOG_WAYS.map((way) => (
              <option key={way} value={way}>
                {WAY_WORDS[way]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <TextField
        name="logEncoding"
        label="Encoding"
        optional
        placeholder="utf-8"
        hint="For example windows-1252, shift_jis or gbk. The log file itself is not changed."
      />
      <Checkbox
        label="Private"
        hint="Viewers do not see the log, nor what a run said last. Those who may start the job do."
        {...register("privateLog")}
      />
    </FoldedSection>
  );
}
