"use client";

import { Door } from "@/components/doors/door";
import { InsecureNotice } from "@/components/doors/insecure-notice";
import { ProviderSignIn } from "@/components/doors/provider-sign-in";
import { ReturnedNotice } from "@/components/doors/returned-notice";
import { SetUpForm } from "@/components/doors/set-up-form";
import { useReloadWhenRestored } from "@/components/doors/use-reload-when-restored";
import { ButtonLink } from "@/components/ui/button";

type SetUpViewProps = {
  /** There is a user already. */
  done: boolean;
  signedIn: boolean;
  /** What the sign-in provider is called; null: there is none. */
  provider: string | null;
  /** What the browser came back from it with. */
  problem: string | null;
};

export function SetUpView({ done, signedIn, provider, problem }: SetUpViewProps) {
  useReloadWhenRestored();
  if (done) return <SetUpDone signedIn={signedIn} />;
  return (
    <Door
      title="Set up Unstuck"
      below="Choose a name and a password. This makes the first admin, who can add everyone else."
    >
      <InsecureNotice />
      <ReturnedNotice problem={problem} />
      {provider !== null && <ProviderSignIn name={provider} next="/" instead="or with a password" />}
      <SetUpForm />
    </Door>
  );
}

function SetUpDone({ signedIn }: { signedIn: boolean }) {
  return (
    <Door title="Unstuck is set up already" below="There is an admin, so the one-time link no longer works.">
      {signedIn ? (
        <ButtonLink href="/" look="main" className="self-start">
          Go to the overview
        </ButtonLink>
      ) : (
        <>
          <ButtonLink href="/sign-in" look="main" className="self-start">
            Sign in
          </ButtonLink>
          <p className="text-sm text-muted">Without an account, ask an admin for one.</p>
        </>
      )}
    </Door>
  );
}
