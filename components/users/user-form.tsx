"use client";

import type { ReactNode } from "react";
import { AccessFields } from "@/components/access/access-fields";
import { useAccessForm } from "@/components/access/use-access-form";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { DialogActions, DialogBody } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import type { AccessView } from "@/lib/client/access-draft";
import { isApiProblem } from "@/lib/client/problem";
import { type CreateUserBody, UserName } from "@/lib/contracts/account";

const NAME_RULE = "Up to 63 letters, digits and . _ @ + - without blanks; begins with a letter or digit.";

export type UserFormBody = Required<Pick<CreateUserBody, "name" | "role" | "grants">>;

type UserFormProps = {
  start: { readonly name: string; readonly access: AccessView };
  save: (body: UserFormBody) => void;
  action: { readonly isPending: boolean; readonly error: unknown; reset(): void };
  button: string;
  /** Heads the server's refusal. */
  refused: string;
  /** Offered where someone else has changed the user meanwhile. */
  reload?: () => void;
  children?: ReactNode;
  close: () => void;
};

/** The inside of “new user” and “change”. Mounted with its dialog. */
export function UserForm(props: UserFormProps) {
  const { start, action, reload } = props;
  const form = useAccessForm(start, (name) => UserName.safeParse(name).success, NAME_RULE, action.error);
  const { rest } = form.problems;
  const isStale = isApiProblem(rest) && rest.code === "STALE_VERSION";
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const body = form.read();
        if (body !== null) props.save(body);
      }}
    >
      <DialogBody>
        {props.children}
        <Field label="Name" error={form.problems.name}>
          {(control) => (
            <Input
              {...control}
              aria-required
              autoCapitalize="none"
              placeholder="alice"
              value={form.name}
              maxLength={63}
              onChange={(event) => {
                form.setName(event.target.value);
                action.reset();
              }}
            />
          )}
        </Field>
        <AccessFields
          draft={form.draft}
          onChange={(draft) => {
            form.setDraft(draft);
            action.reset();
          }}
          problems={form.problems.access}
        />
        <ProblemNotice
          error={rest}
          title={props.refused}
          actions={
            isStale && reload !== undefined ? <Button onClick={reload}>Reload the user</Button> : undefined
          }
        />
      </DialogBody>
      <DialogActions>
        <Button onClick={props.close}>Cancel</Button>
        <Button type="submit" look="main" busy={action.isPending}>
          {props.button}
        </Button>
      </DialogActions>
    </form>
  );
}
