"use client";

import { Plus, X } from "lucide-react";
import { type ClipboardEvent, useState } from "react";
import { useFieldArray, useFormContext, useWatch } from "react-hook-form";
import { Button } from "@/components/ui/button";
import { Checkbox, Input, Textarea } from "@/components/ui/field";
import { type EnvText, parseEnvText } from "@/lib/client/env-lines";
import { NEW_ROW } from "@/lib/client/env-rows";
import type { JobFormValues } from "@/lib/client/job-form-values";
import { looksSecret } from "@/lib/domain/secret-names";
import { EnvPaste } from "./env-paste";
import { RowsFooter } from "./rows-footer";
import { TextField } from "./text-field";

/** The job's variables, one a row. Many lines at once can be pasted into a name. */
export function EnvFields() {
  const { control, formState } = useFormContext<JobFormValues>();
  const { fields, append, remove } = useFieldArray({ control, name: "env" });
  const { errors } = formState;
  const problem = errors.env?.message ?? errors.env?.root?.message;
  const [pasted, setPasted] = useState<{ readonly into: string; readonly text: EnvText } | null>(null);
  const add = () => {
    const at = fields.findIndex(({ id }) => id === pasted?.into);
    if (at >= 0) remove(at);
    append(
      Object.entries(pasted?.text.env ?? {}).map(([name, value]) => ({
        ...NEW_ROW,
        name,
        value,
        secret: looksSecret(name),
      })),
    );
    setPasted(null);
  };
  return (
    <>
      <fieldset className="flex min-w-0 flex-col gap-2">
        <legend className="mb-1 text-sm font-medium">
          Environment <span className="ml-0.5 font-normal text-faint">optional</span>
        </legend>
        {fields.map(({ id }, at) => (
          <EnvRowFields
            key={id}
            at={at}
            take={(text) => setPasted({ into: id, text })}
            remove={() => remove(at)}
          />
        ))}
        {pasted !== null && <EnvPaste pasted={pasted.text} add={add} cancel={() => setPasted(null)} />}
        <div>
          <Button size="sm" icon={<Plus aria-hidden />} onClick={() => append(NEW_ROW)}>
            Add variable
          </Button>
        </div>
        <RowsFooter problem={problem}>
          Values are used exactly as typed. To add several, paste the text of a .env file into the name of a
          new variable. A secret is written and never shown again, here or by the API. Beside these a run gets
          a short environment of the dashboard’s own; the job’s page shows all of it.
        </RowsFooter>
      </fieldset>
      <TextField
        name="envFrom"
        label="Read from elsewhere at each start"
        mono
        optional
        lines={2}
        placeholder="API_TOKEN=file:/run/secrets/api-token"
        hint="One on each line: a file (NAME=file:/path), or a variable the dashboard was started with (NAME=env:OTHER). Never stored, never shown."
      />
    </>
  );
}

type RowProps = { at: number; take: (pasted: EnvText) => void; remove: () => void };

function EnvRowFields({ at, take, remove }: RowProps) {
  const { register, control, setValue } = useFormContext<JobFormValues>();
  const row = useWatch({ control, name: `env.${at}` });
  const label = row?.name === undefined || row.name === "" ? `variable ${at + 1}` : row.name;
  const [decided, setDecided] = useState(false);
  const isHeld = row?.was?.secret === true;
  const guess = () => {
    if (row?.was === null && !decided) setValue(`env.${at}.secret`, looksSecret(row.name));
  };
  const paste = (event: ClipboardEvent) => {
    const text = parseEnvText(event.clipboardData.getData("text"));
    if (Object.keys(text.env).length === 0 || row?.was !== null) return;
    event.preventDefault();
    take(text);
  };
  return (
    <div className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto_auto] items-start gap-2 max-sm:grid-cols-[minmax(0,1fr)_auto]">
      <Input
        {...register(`env.${at}.name`, { onBlur: guess })}
        aria-label={`Name of ${label}`}
        placeholder="REGION"
        className="font-mono"
        onPaste={paste}
      />
      <Textarea
        {...register(`env.${at}.value`)}
        rows={Math.min(6, (row?.value ?? "").split("\n").length)}
        aria-label={`Value of ${label}`}
        placeholder={isHeld ? "set; type to replace" : "north"}
        className="min-h-8 font-mono max-sm:order-3 max-sm:col-span-2 max-md:min-h-10"
      />
      <Checkbox
        label={
          <>
            Secret<span className="sr-only">: {label}</span>
          </>
        }
        {...register(`env.${at}.secret`, { onChange: () => setDecided(true) })}
        className="mt-1.5 max-sm:order-4"
      />
      <Button
        look="quiet"
        size="icon"
        aria-label={`Remove ${label}`}
        onClick={remove}
        className="max-sm:order-2"
      >
        <X aria-hidden />
      </Button>
    </div>
  );
}
