"use client";

import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { useBeginSecondFactor, useRemoveSecondFactor } from "@/lib/client/session";
import type { AccountView, SecondFactorBegun } from "@/lib/contracts/account";
import { AskPassword } from "./ask-password";
import { RecoveryCodesOnce } from "./recovery-codes";
import { ScanStep } from "./scan-step";
import { SettingRow } from "./setting-row";
import { useFocusOn } from "./use-focus-on";

/** What is being done about the second factor; the account says whether there is one. */
type Step =
  | { readonly kind: "none" }
  | { readonly kind: "asking"; readonly for: "begin" | "remove" }
  | { readonly kind: "scanning"; readonly begun: SecondFactorBegun }
  | { readonly kind: "codes"; readonly codes: readonly string[] };

const NONE: Step = { kind: "none" };

export function SecondFactor({ account }: { account: AccountView }) {
  const [step, setStep] = useState<Step>(NONE);
  const begin = useBeginSecondFactor((begun) => setStep({ kind: "scanning", begun }));
  const remove = useRemoveSecondFactor(() => {
    toast("The second factor was removed");
    setStep(NONE);
  });
  const ask = (what: "begin" | "remove") => {
    begin.reset();
    remove.reset();
    setStep({ kind: "asking", for: what });
  };
  const cancel = () => setStep(NONE);
  const place = useFocusOn(step.kind);
  return (
    <Panel title="Second factor">
      <div ref={place} tabIndex={-1} className="outline-none">
        {step.kind === "none" && <Standing account={account} ask={ask} />}
        {step.kind === "asking" &&
          (step.for === "begin" ? (
            <AskPassword
              why="You need an authenticator app on your phone, or a password manager that makes codes."
              button="Continue"
              action={begin}
              refused="It was not set up"
              cancel={cancel}
            />
          ) : (
            <AskPassword
              why="From then on your password alone is enough to sign in. The recovery codes stop working."
              button="Remove second factor"
              dangerous
              action={remove}
              refused="It was not removed"
              cancel={cancel}
            />
          ))}
        {step.kind === "scanning" && (
          <ScanStep
            begun={step.begun}
            onConfirmed={(codes) => setStep({ kind: "codes", codes })}
            cancel={cancel}
          />
        )}
        {step.kind === "codes" && (
          <RecoveryCodesOnce name={account.name} codes={step.codes} done={() => setStep(NONE)} />
        )}
      </div>
    </Panel>
  );
}

type StandingProps = { account: AccountView; ask: (what: "begin" | "remove") => void };

const FEW_CODES = 3;

function Standing({ account: { secondFactor, recoveryCodes, hasPassword }, ask }: StandingProps) {
  if (!secondFactor)
    return (
      <SettingRow button={hasPassword && <Button onClick={() => ask("begin")}>Set up…</Button>}>
        <span className="font-medium text-fg">Off.</span> With it, signing in also takes a code of your phone,
        so a stolen password is not enough.
      </SettingRow>
    );
  const left = recoveryCodes ?? 0;
  return (
    <SettingRow button={hasPassword && <Button onClick={() => ask("remove")}>Remove…</Button>}>
      <span className="font-medium text-fg">On.</span> Signing in takes a code of your authenticator app.{" "}
      {left === 1 ? "1 recovery code is left." : `${left} recovery codes are left.`}
      {left < FEW_CODES && (
        <span className="mt-1 block text-warn">For new codes, remove it and set it up again.</span>
      )}
    </SettingRow>
  );
}
