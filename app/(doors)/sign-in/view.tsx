"use client";

import { Door } from "@/components/doors/door";
import { InsecureNotice } from "@/components/doors/insecure-notice";
import { ProviderSignIn } from "@/components/doors/provider-sign-in";
import { ReturnedNotice } from "@/components/doors/returned-notice";
import { SignInForm } from "@/components/doors/sign-in-form";
import { useReloadWhenRestored } from "@/components/doors/use-reload-when-restored";
import { Notice } from "@/components/ui/notice";

type SignInViewProps = {
  next: string;
  /** What the provider is called; null: there is none. */
  provider: string | null;
  /** What the browser came back from it with. */
  problem: string | null;
  /** What became of signing out there; null: that is not where the browser comes from. */
  signedOut: string | null;
};

export function SignInView({ next, provider, problem, signedOut }: SignInViewProps) {
  useReloadWhenRestored();
  return (
    <Door title="Sign in">
      <InsecureNotice />
      <ReturnedNotice problem={problem} />
      {signedOut !== null && (
        <Notice tone="plain" title="You are signed out">
          {signedOut}
        </Notice>
      )}
      {provider !== null && <ProviderSignIn name={provider} next={next} instead="or with a password" />}
      <SignInForm next={next} />
    </Door>
  );
}
