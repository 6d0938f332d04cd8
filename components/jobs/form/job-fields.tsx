"use client";

import { useFormContext } from "react-hook-form";
import { Checkbox, Field, Select } from "@/components/ui/field";
import type { JobFormValues } from "@/lib/client/job-form-values";
import { JOB_KINDS, type JobKind, SILENCE_ACTIONS, type SilenceAction } from "@/lib/domain/job";
import type { JobDefaults } from "@/lib/domain/job-defaults";
import { CommandField } from "./command-field";
import { EnvFields } from "./env-fields";
import { FoldedSection } from "./folded-section";
import { LogFields } from "./log-fields";
import { ParameterFields } from "./parameter-fields";
import { Section } from "./section";
import { StopFields } from "./stop-fields";
import { StuckFields } from "./stuck-fields";
import { TextField } from "./text-field";

const KIND_WORDS = {
  command: "Command – any program",
  scrapy: "Scrapy – asked to stop by one SIGINT",
  crawlee: "Crawlee – asked to stop by SIGINT",
} as const satisfies Record<JobKind, string>;

const SILENCE_WORDS = {
  stop: "Stop it (becomes “Timed out”)",
  flag: "Only flag it",
} as const satisfies Record<SilenceAction, string>;

type JobFieldsProps = { isNew: boolean; defaults: JobDefaults };

export function JobFields({ isNew, defaults }: JobFieldsProps) {
  const { register } = useFormContext<JobFormValues>();
  return (
    <>
      <Section title="Identity" about="What it is called here and in the API.">
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            name="id"
            label="Id"
            mono
            required
            disabled={!isNew}
            placeholder="shop-nightly"
            hint={
              isNew ? "Lower-case letters, digits, . _ -. Cannot be changed later." : "Cannot be changed."
            }
          />
          <TextField name="title" label="Title" optional placeholder="Shop, every night" />
        </div>
        <Checkbox
          label="Enabled"
          hint="A disabled job keeps its history and cannot be started."
          {...register("enabled")}
        />
      </Section>
      <Section title="What runs" about="The program, where it runs, and its environment.">
        <CommandField />
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Kind">
            {(control) => (
              <Select {...control} {...register("kind")}>
                {JOB_KINDS.map((kind) => (
                  <option key={kind} value={kind}>
                    {KIND_WORDS[kind]}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <TextField
            name="cwd"
            label="Folder"
            mono
            optional
            placeholder={defaults.cwd}
            hint="Where it runs; an absolute path."
          />
        </div>
        <UserField {...defaults.runAs} />
        <EnvFields />
      </Section>
      <ParameterFields />
      <FoldedSection
        title="Resuming"
        about="What lets a run continue where the previous one stopped."
        fields={["checkpoint", "resumeAfterShutdown"]}
      >
        <TextField
          name="checkpoint"
          label="Checkpoint"
          mono
          optional
          placeholder="state"
          hint="A file or folder the program writes. Relative to the run’s folder, or absolute."
        />
        <Checkbox
          label="Resume after a shutdown"
          hint="A run that the dashboard’s own shutdown ended is resumed when the dashboard starts again."
          {...register("resumeAfterShutdown")}
        />
      </FoldedSection>
      <StuckFields />
      <TimeFields />
      <StopFields />
      <ResourceFields />
      <LogFields />
      <ConcurrencyFields />
    </>
  );
}

/** Another than root has no choice; what a job says all the same is shown. */
function UserField({ isRoot, me, usual }: JobDefaults["runAs"]) {
  const said = useFormContext<JobFormValues>().formState.defaultValues?.runAs ?? "";
  if (!isRoot && said === "") return null;
  const hint = isRoot
    ? "The user of this host it runs as. Choose root only for a program that needs every right."
    : `The dashboard runs as ${me ?? "a user without a name"}, and can run programs as that user only.`;
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField
        name="runAs"
        label="User"
        mono
        optional={usual !== null || !isRoot}
        required={usual === null && isRoot}
        placeholder={usual ?? "scraper"}
        hint={hint}
      />
    </div>
  );
}

function TimeFields() {
  const { register } = useFormContext<JobFormValues>();
  return (
    <FoldedSection
      title="Time limits"
      about="Durations such as 90 s, 10 min or 1 h 30 min."
      fields={["silenceMs", "onSilence", "maxDurationMs", "startMs"]}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          name="silenceMs"
          label="Silence limit"
          hint="Output, progress reports and checkpoint changes count as signs of life."
        />
        <Field label="When it is exceeded">
          {(control) => (
            <Select {...control} {...register("onSilence")}>
              {SILENCE_ACTIONS.map((action) => (
                <option key={action} value={action}>
                  {SILENCE_WORDS[action]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <TextField name="maxDurationMs" label="Maximum duration" optional placeholder="no limit" />
        <TextField name="startMs" label="Start timeout" />
      </div>
    </FoldedSection>
  );
}

function ResourceFields() {
  return (
    <FoldedSection
      title="Resources"
      about="What a run may use in total, with all its processes. Sizes such as 512 MB."
      fields={["memoryBytes", "openFiles", "nice", "logCapBytes"]}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField name="memoryBytes" label="Memory" optional placeholder="no limit" />
        <TextField name="openFiles" label="Open files" optional placeholder="host default" />
        <TextField
          name="nice"
          label="Nice"
          optional
          placeholder="0"
          hint="−20 (highest CPU priority) to 19 (lowest)."
        />
        <TextField
          name="logCapBytes"
          label="Log size limit"
          hint="Per run. Above it the oldest part is dropped, and the page says so."
        />
      </div>
    </FoldedSection>
  );
}

function ConcurrencyFields() {
  return (
    <FoldedSection
      title="Concurrency and grouping"
      about="Which jobs must not run at the same time, which goes first, and how to find this one."
      fields={["locks", "tags", "priority", "pidFile"]}
    >
      <TextField
        name="locks"
        label="Shared locks"
        optional
        placeholder="shop.example"
        hint="Jobs that share a lock never run at the same time. Separate with spaces."
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          name="tags"
          label="Tags"
          optional
          placeholder="retail north"
          hint="Separate with spaces. How many runs of one tag may be active is set under Locks."
        />
        <TextField
          name="priority"
          label="Priority"
          hint="Among runs waiting for the same thing, the higher goes first; −100 to 100."
        />
      </div>
      <TextField
        name="pidFile"
        label="Pid file"
        mono
        optional
        placeholder="/run/shop.pid"
        hint="Written by Unstuck while it runs; if another program’s live process is named in it, a start is refused."
      />
    </FoldedSection>
  );
}
