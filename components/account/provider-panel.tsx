"use client";

import { useState } from "react";
import { toast } from "sonner";
import { Ago } from "@/components/time/ago";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { useLinkIdentity, useProvider, useUnlinkIdentity } from "@/lib/client/session";
import type { AccountView } from "@/lib/contracts/account";
import { AskPassword } from "./ask-password";
import { issuerInBrief } from "./issuer-in-brief";
import { SettingRow } from "./setting-row";
import { useFocusOn } from "./use-focus-on";

/** The other way to sign in, where there is one: at a provider that says who this person is. */
export function ProviderPanel({ account }: { account: AccountView }) {
  const provider = useProvider();
  const [asking, setAsking] = useState(false);
  const done = () => setAsking(false);
  const link = useLinkIdentity();
  const unlink = useUnlinkIdentity(() => {
    toast("The provider is no longer linked");
    done();
  });
  const place = useFocusOn(asking);
  const { identity } = account;
  if (provider === null && identity === null) return null;
  const name = provider ?? issuerInBrief(identity?.issuer ?? "");
  const ask = () => {
    link.reset();
    unlink.reset();
    setAsking(true);
  };
  return (
    <Panel title="Sign-in provider">
      <div ref={place} tabIndex={-1} className="outline-none">
        {!asking && <Standing account={account} name={name} canLink={provider !== null} ask={ask} />}
        {asking && identity === null && (
          <AskPassword
            why={`You go to ${name}, and come back here once you have signed in there.`}
            button="Continue"
            // Until the browser is there.
            action={{ ...link, isPending: link.isPending || link.isSuccess }}
            refused="Nothing was linked"
            cancel={done}
          />
        )}
        {asking && identity !== null && (
          <AskPassword
            why={`From then on you sign in with your password only, and no longer at ${name}.`}
            button="Unlink"
            dangerous
            action={unlink}
            refused="It is still linked"
            cancel={done}
          />
        )}
      </div>
    </Panel>
  );
}

type StandingProps = { account: AccountView; name: string; canLink: boolean; ask: () => void };

function Standing({ account: { identity, hasPassword }, name, canLink, ask }: StandingProps) {
  if (identity === null)
    return (
      <SettingRow button={hasPassword && canLink && <Button onClick={ask}>Link…</Button>}>
        <span className="font-medium text-fg">Not linked.</span> Once it is, you can sign in at {name} as
        well.
      </SettingRow>
    );
  return (
    <SettingRow button={hasPassword && <Button onClick={ask}>Unlink…</Button>}>
      <span className="font-medium text-fg">Linked</span> to you at{" "}
      <span className="wrap-anywhere">{issuerInBrief(identity.issuer)}</span> since{" "}
      <Ago at={identity.since} />, last used <Ago at={identity.lastAt} none="never" />.
    </SettingRow>
  );
}
