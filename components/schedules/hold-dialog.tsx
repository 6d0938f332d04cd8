"use client";

import { useState } from "react";
import { toast } from "sonner";
import { ConfirmForm } from "@/components/confirm/confirm-form";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input, Select } from "@/components/ui/field";
import { usePlaceHold } from "@/lib/client/holds";

type HoldDialogProps = { open: boolean; onOpenChange: (open: boolean) => void };

/** Stops automatic starts. */
export function HoldDialog({ open, onOpenChange }: HoldDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Hold automatic starts"
      description="Schedules skip their times and recoveries wait. Active runs carry on, and jobs can still be started by hand."
    >
      <HoldForm close={() => onOpenChange(false)} />
    </Dialog>
  );
}

const TARGETS = { all: "All jobs", tag: "Jobs with a tag", job: "One job" } as const;
type Target = keyof typeof TARGETS;

function HoldForm({ close }: { close: () => void }) {
  const [target, setTarget] = useState<Target>("all");
  const [name, setName] = useState("");
  const [until, setUntil] = useState("");
  const place = usePlaceHold(() => {
    toast("Automatic starts are on hold");
    close();
  });
  const named = target !== "all";
  return (
    <ConfirmForm
      reasonHint="Shown on every page during the hold, and kept in the audit record."
      reasonRequired
      button="Place hold"
      disabled={named && name.trim() === ""}
      action={place}
      refused="The hold was not placed"
      onConfirm={({ reason = "" }) =>
        place.mutate({
          on: named ? `${target}:${name.trim()}` : "all",
          reason,
          // What is no time cannot be typed into such a field: it is empty then.
          ...(until === "" ? {} : { until: new Date(until).toISOString() }),
        })
      }
      close={close}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Hold">
          {(control) => (
            <Select {...control} value={target} onChange={(event) => setTarget(targetOf(event.target.value))}>
              {Object.entries(TARGETS).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {named && (
          <Field label={target === "tag" ? "Tag" : "Id of the job"}>
            {(control) => (
              <Input
                {...control}
                required
                autoCapitalize="none"
                maxLength={100}
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
        )}
      </div>
      <Field
        label="Until"
        optional
        hint="In this browser's time zone. Leave empty to hold until someone releases it."
      >
        {(control) => (
          <Input
            {...control}
            type="datetime-local"
            max="9999-12-31T23:59"
            value={until}
            onChange={(event) => setUntil(event.target.value)}
          />
        )}
      </Field>
    </ConfirmForm>
  );
}

function targetOf(value: string): Target {
  return value === "tag" || value === "job" ? value : "all";
}
