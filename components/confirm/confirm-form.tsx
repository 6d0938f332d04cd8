"use client";

import { type ReactNode, useState } from "react";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { DialogActions, DialogBody } from "@/components/ui/dialog";
import { Checkbox, Field, Input } from "@/components/ui/field";

/** What an operator has decided; a field left empty is left out. */
export type Decision = { readonly reason?: string; readonly force?: true };

type ConfirmFormProps = {
  /** What is there, what it will become, and what will not happen. */
  children?: ReactNode | ((force: boolean) => ReactNode);
  /** Where the reason is kept. */
  reasonHint: string;
  reasonRequired?: boolean;
  /** Left out where nothing can be forced. */
  force?: { readonly label?: string; readonly cost: string; readonly button: string } | undefined;
  /** What came of it, when that has to be read here. */
  outcome?: ReactNode;
  button: string;
  dangerous?: boolean;
  disabled?: boolean | ((force: boolean) => boolean);
  cancel?: string;
  action: { readonly isPending: boolean; readonly error: unknown };
  /** Heads the server's refusal. */
  refused: string;
  onConfirm: (decision: Decision) => void;
  close: () => void;
};

/** The inside of every question before an action. Mounted with its dialog, so that each opening begins without force. */
export function ConfirmForm(props: ConfirmFormProps) {
  const { children, force: offered, reasonRequired = false, disabled = false, action } = props;
  const [force, setForce] = useState(false);
  const [reason, setReason] = useState("");
  const told = reason.trim() !== "";
  const confirm = () =>
    props.onConfirm({ ...(force ? { force: true } : {}), ...(told ? { reason: reason.trim() } : {}) });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (told || !reasonRequired) confirm();
      }}
    >
      <DialogBody>
        {typeof children === "function" ? children(force) : children}
        <Field label="Reason" optional={!reasonRequired} hint={props.reasonHint}>
          {(control) => (
            <Input
              {...control}
              required={reasonRequired}
              value={reason}
              maxLength={500}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        {offered !== undefined && (
          <Checkbox
            label={offered.label ?? "Force"}
            hint={offered.cost}
            checked={force}
            onChange={(event) => setForce(event.target.checked)}
          />
        )}
        {props.outcome}
        <ProblemNotice error={action.error} title={props.refused} />
      </DialogBody>
      <DialogActions>
        <Button onClick={props.close}>{props.cancel ?? "Cancel"}</Button>
        <Button
          type="submit"
          look={force || props.dangerous === true ? "danger-main" : "main"}
          busy={action.isPending}
          disabled={
            (reasonRequired && !told) || (typeof disabled === "function" ? disabled(force) : disabled)
          }
        >
          {force && offered !== undefined ? offered.button : props.button}
        </Button>
      </DialogActions>
    </form>
  );
}
