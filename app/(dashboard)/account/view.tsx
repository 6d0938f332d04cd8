"use client";

import { useQuery } from "@tanstack/react-query";
import { ByProxy } from "@/components/account/by-proxy";
import { ChangePassword } from "@/components/account/change-password";
import { NoAccount } from "@/components/account/no-account";
import { ProviderPanel } from "@/components/account/provider-panel";
import { SecondFactor } from "@/components/account/second-factor";
import { SessionsPanel } from "@/components/account/sessions-panel";
import { WhoYouAre } from "@/components/account/who-you-are";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Notice } from "@/components/ui/notice";
import { PageHeader } from "@/components/ui/page-header";
import { TableSkeleton } from "@/components/ui/skeleton";
import { isUnreachable } from "@/lib/client/problem";
import { accountQuery } from "@/lib/client/session";
import type { AccountView, MeView } from "@/lib/contracts/account";

type AccountPageProps = {
  via: MeView["via"];
  /** What the browser came back from the sign-in provider with; null: nothing went wrong. */
  problem: string | null;
};

export function AccountPageView({ via, problem }: AccountPageProps) {
  return (
    <>
      <PageHeader title="Account" />
      {problem !== null && (
        <Notice tone="bad" title="Nothing was linked" className="mb-6 max-w-3xl">
          {problem}
        </Notice>
      )}
      {via === "session" || via === "proxy" ? <Account /> : <NoAccount via={via} />}
    </>
  );
}

function Account() {
  const { data: account, error } = useQuery(accountQuery());
  if (account === undefined)
    return error === null ? (
      <TableSkeleton rows={3} />
    ) : (
      <ProblemNotice error={error} title="Your account cannot be shown" />
    );
  return (
    <div className="flex max-w-3xl flex-col gap-7">
      {error !== null && !isUnreachable(error) && (
        <ProblemNotice error={error} title="Your account cannot be read any more" />
      )}
      {account.mustChange ? <PasswordFirst account={account} /> : <Everything account={account} />}
    </div>
  );
}

function PasswordFirst({ account }: { account: AccountView }) {
  return (
    <>
      <Notice tone="warn" title="Choose your own password first">
        Another person set the one you signed in with. Everything else waits until you have changed it.
      </Notice>
      <ChangePassword account={account} />
    </>
  );
}

function Everything({ account }: { account: AccountView }) {
  if (account.via === "proxy")
    return (
      <>
        <WhoYouAre account={account} />
        <ByProxy />
      </>
    );
  return (
    <>
      <WhoYouAre account={account} />
      <ChangePassword account={account} />
      {(account.hasPassword || account.secondFactor) && <SecondFactor account={account} />}
      <ProviderPanel account={account} />
      <SessionsPanel />
    </>
  );
}
