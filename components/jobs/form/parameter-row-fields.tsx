"use client";

import { ArrowDown, ArrowUp, X } from "lucide-react";
import { useId } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { Button } from "@/components/ui/button";
import { Checkbox, Field, Input, Select, Textarea } from "@/components/ui/field";
import type { JobFormValues } from "@/lib/client/job-form-values";
import {
  hasField,
  PARAMETER_KINDS,
  type ParameterKind,
  type ParameterRow,
} from "@/lib/client/parameter-rows";
import { type ParameterFieldProps, ParameterMoreFields } from "./parameter-more-fields";

const KIND_WORDS = {
  text: "Text",
  options: "One of several options",
  integer: "Whole number",
  number: "Number",
  boolean: "Yes or no",
  date: "Date",
  password: "Password",
} as const satisfies Record<ParameterKind, string>;

type RowProps = {
  at: number;
  /** Of all rows; each of its lines begins with the name of the one it is about. */
  problem: string | undefined;
  isLast: boolean;
  move: (by: 1 | -1) => void;
  remove: () => void;
};

export function ParameterRowFields({ at, problem, isLast, move, remove }: RowProps) {
  const { register, control } = useFormContext<JobFormValues>();
  const row = useWatch({ control, name: `parameters.${at}` });
  const name = row?.name.trim() ?? "";
  const label = name === "" ? `parameter ${at + 1}` : name;
  const own = (problem?.split("\n") ?? []).filter((line) => name !== "" && line.startsWith(`${name}: `));
  const id = useId();
  return (
    <fieldset
      aria-describedby={own.length === 0 ? undefined : id}
      className="flex min-w-0 flex-col gap-3 rounded-md border border-line p-3"
    >
      <legend className="sr-only">{label}</legend>
      <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] items-end gap-2 max-sm:grid-cols-1">
        <Field label="Name">
          {(field) => (
            <Input
              {...field}
              {...register(`parameters.${at}.name`)}
              aria-invalid={own.length > 0 || undefined}
              aria-label={`Name of ${label}`}
              placeholder="shop"
              className="font-mono"
            />
          )}
        </Field>
        <Field label="Type">
          {(field) => (
            <Select {...field} {...register(`parameters.${at}.kind`)} aria-label={`Type of ${label}`}>
              {PARAMETER_KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {KIND_WORDS[kind]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <div className="flex justify-end gap-1">
          <Button
            look="quiet"
            size="icon"
            aria-label={`Move ${label} up`}
            disabled={at === 0}
            onClick={() => move(-1)}
          >
            <ArrowUp aria-hidden />
          </Button>
          <Button
            look="quiet"
            size="icon"
            aria-label={`Move ${label} down`}
            disabled={isLast}
            onClick={() => move(1)}
          >
            <ArrowDown aria-hidden />
          </Button>
          <Button look="quiet" size="icon" aria-label={`Remove ${label}`} onClick={remove}>
            <X aria-hidden />
          </Button>
        </div>
      </div>
      {row !== undefined && <KindFields at={at} row={row} label={label} />}
      {own.length > 0 && (
        <ul id={id} role="alert" className="text-xs font-medium text-bad">
          {own.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </fieldset>
  );
}

function KindFields({ at, row, label }: ParameterFieldProps) {
  const { register } = useFormContext<JobFormValues>();
  const has = (field: keyof ParameterRow) => hasField(row.kind, field);
  return (
    <>
      {has("options") && (
        <Field label="Options" hint="One on each line.">
          {(field) => (
            <Textarea
              {...field}
              {...register(`parameters.${at}.options`)}
              rows={Math.min(8, Math.max(3, row.options.split("\n").length))}
              aria-label={`Options of ${label}`}
              placeholder={"north\nsouth"}
            />
          )}
        </Field>
      )}
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Title" optional>
          {(field) => (
            <Input {...field} {...register(`parameters.${at}.title`)} aria-label={`Title of ${label}`} />
          )}
        </Field>
        {has("preset") && <PresetField at={at} row={row} label={label} />}
      </div>
      <Checkbox
        label={
          <>
            Required<span className="sr-only">: {label}</span>
          </>
        }
        {...register(`parameters.${at}.required`)}
      />
      <ParameterMoreFields at={at} row={row} label={label} />
    </>
  );
}

function PresetField({ at, row, label }: ParameterFieldProps) {
  const { register } = useFormContext<JobFormValues>();
  const shared = { ...register(`parameters.${at}.preset`), "aria-label": `Default of ${label}` };
  const choices = row.kind === "boolean" ? ["true", "false"] : row.options.split("\n").filter(Boolean);
  return (
    <Field label="Default" optional>
      {(field) =>
        row.kind === "boolean" || row.kind === "options" ? (
          <Select {...field} {...shared}>
            <option value="">none</option>
            {choices.map((choice) => (
              <option key={choice} value={choice}>
                {row.kind === "boolean" ? (choice === "true" ? "yes" : "no") : choice}
              </option>
            ))}
          </Select>
        ) : row.preset.includes("\n") ? (
          <Textarea {...field} {...shared} />
        ) : (
          <Input {...field} {...shared} type={row.kind === "date" ? "date" : "text"} />
        )
      }
    </Field>
  );
}
