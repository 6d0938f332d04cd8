"use client";

import { useFormContext } from "react-hook-form";
import { Checkbox, Field, Select } from "@/components/ui/field";
import type { JobFormValues } from "@/lib/client/job-form-values";
import { JOB_KINDS, type JobKind, SILENCE_ACTIONS, type SilenceAction } from "@/lib/domain/job";
import { CommandField } from "./command-field";
import { EnvFields } from "./env-fields";
import { FoldedSection } from "./folded-section";
import { LogFields } from "./log-fields";
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

type JobFieldsProps = { isNew: boolean; defaultCwd: string };

export function JobFields({ isNew, defaultCwd }: JobFieldsProps) {
  const { register } = useFormContext<JobFormValues>();
  return (
    <>
      <Section title="Identity" about="How it is called here and in the API.">
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            name="id"
            label="Id"
            mono
            required
            disabled={!isNew}
            placeholder="shop-nightly"
            hint={isNew ? "Small letters, digits, . _ -. Fixed for life." : "Fixed for life."}
          />
          <TextField name="title" label="Title" optional placeholder="Shop, every night" />
        </div>
        <Checkbox
          label="Enabled"
          hint="A job that is switched off keeps its history and cannot be started."
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
            placeholder={defaultCwd}
            hint="Where it is run; an absolute path."
          />
        </div>
        <EnvFields />
      </Section>
      <FoldedSection
        title="Going on"
        about="What lets a run continue where the one before it stopped."
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
          label="Go on after the dashboard was shut down"
          hint="A run that the dashboard’s own shutdown ended is resumed when the dashboard is back."
          {...register("resumeAfterShutdown")}
        />
      </FoldedSection>
      <StuckFields />
      <TimeFields />
      <StopFields />
      <ResourceFields />
      <LogFields />
      <TogetherFields />
    </>
  );
}

function TimeFields() {
  const { register } = useFormContext<JobFormValues>();
  return (
    <FoldedSection
      title="Time limits"
      about="Lengths of time such as 90 s, 10 min or 1 h 30 min."
      fields={["silenceMs", "onSilence", "maxDurationMs", "startMs"]}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          name="silenceMs"
          label="May be silent for"
          hint="Output, progress reports and changes of the checkpoint are signs of life."
        />
        <Field label="When it is silent for longer">
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
        <TextField name="maxDurationMs" label="Longest run" optional placeholder="no limit" />
        <TextField name="startMs" label="Time to start" />
      </div>
    </FoldedSection>
  );
}

function ResourceFields() {
  return (
    <FoldedSection
      title="Resources"
      about="What a whole run, with all its processes, may use. Sizes such as 512 MB."
      fields={["memoryBytes", "openFiles", "nice", "logCapBytes"]}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField name="memoryBytes" label="Memory" optional placeholder="no limit" />
        <TextField name="openFiles" label="Open files" optional placeholder="what is usual on this host" />
        <TextField
          name="nice"
          label="Nice"
          optional
          placeholder="0"
          hint="−20 (first at the processor) to 19 (last)."
        />
        <TextField
          name="logCapBytes"
          label="Log kept"
          hint="Of each run. What is beyond is dropped from the beginning, and told."
        />
      </div>
    </FoldedSection>
  );
}

function TogetherFields() {
  return (
    <FoldedSection
      title="Together"
      about="Which jobs must not run at once, who goes first, and how to find this one."
      fields={["locks", "tags", "priority", "pidFile"]}
    >
      <TextField
        name="locks"
        label="Shared locks"
        optional
        placeholder="shop.example"
        hint="Jobs that name the same lock never run at the same time. Separate with spaces."
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
          hint="Of runs that wait for the same thing the higher goes first; −100 to 100."
        />
      </div>
      <TextField
        name="pidFile"
        label="Pid file"
        mono
        optional
        placeholder="/run/shop.pid"
        hint="Written by Unstuck while it runs; a foreign process behind it blocks a start."
      />
    </FoldedSection>
  );
}
