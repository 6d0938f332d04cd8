"use client";

import { Checkbox, type ControlProps, Field, Input, Select, Textarea } from "@/components/ui/field";
import { PasswordInput } from "@/components/ui/password-input";
import type { ParameterDraft } from "@/lib/client/parameter-draft";
import { findParameter, type JobParameters, namesOf, type Parameter } from "@/lib/domain/parameters";

type ParameterInputsProps = {
  parameters: JobParameters;
  draft: ParameterDraft;
  onChange: (draft: ParameterDraft) => void;
  /** By name. */
  problems: ReadonlyMap<string, string>;
};

/** Whether a problem with it stands at its field. A switch has no place for one. */
export function saysProblem(parameters: JobParameters | null, name: string): boolean {
  const parameter = findParameter(parameters, name);
  return parameter !== null && parameter.type !== "boolean";
}

/** The form that a job's description of its parameters makes, in its order. */
export function ParameterInputs({ parameters, draft, onChange, problems }: ParameterInputsProps) {
  return namesOf(parameters).map((name) => {
    const parameter = parameters.properties[name];
    return parameter === undefined ? null : (
      <ParameterInput
        key={name}
        name={name}
        parameter={parameter}
        required={parameters.required.includes(name)}
        value={draft[name] ?? ""}
        onChange={(value) => onChange({ ...draft, [name]: value })}
        problem={problems.get(name)}
      />
    );
  });
}

type ParameterInputProps = {
  name: string;
  parameter: Parameter;
  required: boolean;
  value: string;
  onChange: (value: string) => void;
  problem: string | undefined;
};

function ParameterInput({ name, parameter, required, value, onChange, problem }: ParameterInputProps) {
  const label = parameter.title ?? name;
  const hint = parameter.description;
  if (parameter.type === "boolean")
    return (
      <Checkbox
        label={label}
        hint={hint}
        checked={value === "true"}
        onChange={(event) => onChange(String(event.target.checked))}
      />
    );
  return (
    <Field label={label} hint={hint} error={problem} optional={!required}>
      {(control) => controlOf(parameter, required, { ...control, value, onChange: changed(onChange) })}
    </Field>
  );
}

type Shared = ControlProps & {
  value: string;
  onChange: (event: { readonly target: { readonly value: string } }) => void;
};

const changed =
  (onChange: (value: string) => void): Shared["onChange"] =>
  (event) =>
    onChange(event.target.value);

function controlOf(parameter: Exclude<Parameter, { type: "boolean" }>, required: boolean, own: Shared) {
  const shared = { ...own, "aria-required": required || undefined };
  const example = parameter.examples?.[0];
  const placeholder = example === undefined ? undefined : String(example);
  if (parameter.type !== "string")
    return (
      <Input
        {...shared}
        inputMode={parameter.type === "integer" && (parameter.minimum ?? -1) >= 0 ? "numeric" : "text"}
        placeholder={placeholder}
        className="tabular"
      />
    );
  if (parameter.enum !== undefined)
    return (
      <Select {...shared}>
        {parameter.default === undefined && <option value="">{required ? "Choose…" : "–"}</option>}
        {parameter.enum.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </Select>
    );
  if (parameter.format === "password") return <PasswordInput {...shared} autoComplete="new-password" />;
  if (parameter.format === "date") return <Input {...shared} type="date" />;
  // One that has several lines must not lose them.
  return own.value.includes("\n") ? (
    <Textarea {...shared} rows={Math.min(8, own.value.split("\n").length)} placeholder={placeholder} />
  ) : (
    <Input {...shared} placeholder={placeholder} />
  );
}
