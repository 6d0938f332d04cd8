"use client";

import { Plus } from "lucide-react";
import { useFieldArray, useFormContext } from "react-hook-form";
import { Button } from "@/components/ui/button";
import type { JobFormValues } from "@/lib/client/job-form-values";
import { NEW_PARAMETER } from "@/lib/client/parameter-rows";
import { MOST_PARAMETERS } from "@/lib/domain/parameter-schema";
import { FoldedSection } from "./folded-section";
import { ParameterRowFields } from "./parameter-row-fields";
import { RowsFooter } from "./rows-footer";

/** What operators may give the job at its start, in the order of their form. */
export function ParameterFields() {
  const { control, formState, getValues, trigger } = useFormContext<JobFormValues>();
  const { fields, append, remove, move } = useFieldArray({ control, name: "parameters" });
  const { errors } = formState;
  const problem = errors.parameters?.message ?? errors.parameters?.root?.message;
  const names = getValues("parameters").map(({ name }) => name.trim());
  // Each row shows its own; what none of them does is shown below.
  const left = (problem?.split("\n") ?? []).filter((line) => !names.some((name) => isAbout(name, line)));
  return (
    <FoldedSection
      title="Parameters"
      about="What operators may give a run when they start it."
      fields={["parameters"]}
    >
      {/* The problem is one of all rows, so each change of any of them has to be read again. */}
      <fieldset
        className="flex min-w-0 flex-col gap-3"
        onChange={() => problem !== undefined && void trigger("parameters")}
      >
        <legend className="sr-only">Parameters</legend>
        {fields.map(({ id }, at) => (
          <ParameterRowFields
            key={id}
            at={at}
            problem={problem}
            isLast={at === fields.length - 1}
            move={(by) => move(at, at + by)}
            remove={() => remove(at)}
          />
        ))}
        {fields.length < MOST_PARAMETERS && (
          <div>
            <Button size="sm" icon={<Plus aria-hidden />} onClick={() => append(NEW_PARAMETER)}>
              Add parameter
            </Button>
          </div>
        )}
        <RowsFooter problem={left.length === 0 ? undefined : left.join(" ")}>
          The program reads them as variables (<code>apiKey</code> is <code>UNSTUCK_PARAM_API_KEY</code>), and
          in the command <code>{"{{name}}"}</code> stands for a value and <code>{"{{name?--flag}}"}</code> for
          a flag. An argument whose value is missing is left out. A password never stands in the command.
        </RowsFooter>
      </fieldset>
    </FoldedSection>
  );
}

/** A line of the problem names the parameter it is about first. */
export function isAbout(name: string, line: string): boolean {
  return name !== "" && line.startsWith(`${name}: `);
}
