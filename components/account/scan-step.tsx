"use client";

import { type FormEvent, useState } from "react";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Field, Input } from "@/components/ui/field";
import { isApiProblem } from "@/lib/client/problem";
import { useConfirmSecondFactor } from "@/lib/client/session";
import type { SecondFactorBegun } from "@/lib/contracts/account";
import { QrCode } from "./qr-code";

type ScanStepProps = {
  begun: SecondFactorBegun;
  onConfirmed: (codes: readonly string[]) => void;
  cancel: () => void;
};

/** The secret goes into the app; its first code shows that it has arrived. */
export function ScanStep({ begun, onConfirmed, cancel }: ScanStepProps) {
  const [code, setCode] = useState("");
  const confirm = useConfirmSecondFactor(onConfirmed);
  const wrong = isApiProblem(confirm.error) && confirm.error.code === "SIGN_IN_FAILED";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (code.trim() !== "") confirm.mutate(code.trim());
  };
  return (
    <form method="post" onSubmit={submit} className="flex flex-col gap-5 px-4 py-4">
      <div className="flex flex-wrap gap-x-6 gap-y-4">
        <QrCode qr={begun.qr} label="QR code for your authenticator app" />
        <ol className="flex min-w-0 flex-1 basis-64 list-decimal flex-col gap-3 pl-5 text-sm">
          <li>
            Scan the code with your authenticator app.
            <div className="mt-1 text-muted">
              Without a camera, type this key instead:
              <span className="mt-1 flex items-start gap-1">
                <code className="py-0.5 text-xs text-fg">{inGroups(begun.secret)}</code>
                <CopyButton text={begun.secret} label="Copy the key" />
              </span>
            </div>
          </li>
          <li>
            <Field
              label="Type the code that the app shows"
              error={wrong ? "This code is wrong or too old. Type the one the app shows now." : undefined}
            >
              {(control) => (
                <Input
                  {...control}
                  name="code"
                  inputMode="numeric"
                  autoComplete="one-time-code"
                  maxLength={10}
                  required
                  value={code}
                  onChange={(event) => {
                    setCode(event.target.value);
                    if (wrong) confirm.reset();
                  }}
                  className="max-w-40 font-mono tracking-wider"
                />
              )}
            </Field>
          </li>
        </ol>
      </div>
      {!wrong && <ProblemNotice error={confirm.error} title="It was not set up" />}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="main" busy={confirm.isPending} disabled={code.trim() === ""}>
          Turn on
        </Button>
        <Button onClick={cancel}>Cancel</Button>
      </div>
    </form>
  );
}

/** Four characters at a time can be read and typed. */
function inGroups(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(" ") ?? secret;
}
