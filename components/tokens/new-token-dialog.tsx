"use client";

import { useState } from "react";
import { AccessFields } from "@/components/access/access-fields";
import { useAccessForm } from "@/components/access/use-access-form";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogBody } from "@/components/ui/dialog";
import { Field, Input, Select } from "@/components/ui/field";
import { LIFETIMES, type NewToken, useCreateToken } from "@/lib/client/tokens";
import { CreateTokenBody } from "@/lib/contracts/api-token";
import { TokenOnce } from "./token-once";

type NewTokenDialogProps = { open: boolean; onOpenChange: (open: boolean) => void };

export function NewTokenDialog({ open, onOpenChange }: NewTokenDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="New token" className="w-[36rem]">
      <NewTokenInside close={() => onOpenChange(false)} />
    </Dialog>
  );
}

function NewTokenInside({ close }: { close: () => void }) {
  const [created, setCreated] = useState<NewToken | null>(null);
  const create = useCreateToken(setCreated);
  if (created !== null) return <TokenOnce created={created} close={close} />;
  return <NewTokenForm create={create} close={close} />;
}

/** Read-only unless it is made otherwise. */
const START = { name: "", access: { role: "viewer", grants: [] } } as const;
const NAME_RULE = "Up to 63 letters, digits, blanks and . _ @ + -";
const isName = (name: string) => CreateTokenBody.shape.name.safeParse(name).success;
const DEFAULT_LIFETIME = LIFETIMES[1];

type NewTokenFormProps = { create: ReturnType<typeof useCreateToken>; close: () => void };

function NewTokenForm({ create, close }: NewTokenFormProps) {
  const form = useAccessForm(START, isName, NAME_RULE, create.error);
  const [lifetime, setLifetime] = useState<(typeof LIFETIMES)[number]>(DEFAULT_LIFETIME);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const body = form.read();
        if (body !== null) create.mutate({ ...body, expiresInDays: lifetime.days });
      }}
    >
      <DialogBody>
        <div className="grid grid-cols-[minmax(0,1fr)_10rem] gap-3 max-sm:grid-cols-1">
          <Field
            label="Name"
            hint="Say what will use it: the audit shows it under this name."
            error={form.problems.name}
          >
            {(control) => (
              <Input
                {...control}
                aria-required
                placeholder="nightly report"
                value={form.name}
                maxLength={63}
                onChange={(event) => {
                  form.setName(event.target.value);
                  create.reset();
                }}
              />
            )}
          </Field>
          <Field label="Expires after">
            {(control) => (
              <Select
                {...control}
                value={lifetime.label}
                onChange={(event) =>
                  setLifetime(LIFETIMES.find(({ label }) => label === event.target.value) ?? DEFAULT_LIFETIME)
                }
              >
                {LIFETIMES.map(({ label }) => (
                  <option key={label} value={label}>
                    {label}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        <AccessFields
          draft={form.draft}
          onChange={(draft) => {
            form.setDraft(draft);
            create.reset();
          }}
          problems={form.problems.access}
        />
        <ProblemNotice error={form.problems.rest} title="The token was not created" />
      </DialogBody>
      <DialogActions>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="main" busy={create.isPending}>
          Create token
        </Button>
      </DialogActions>
    </form>
  );
}
