import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { makeQueryClient } from "@/lib/client/query-client";
import { sessionKeys } from "@/lib/client/session";
import { signInProblemInWords } from "@/lib/domain/sign-in-problems";
import { readAccount, readSession, readSessions } from "@/lib/reads/accounts";
import { seenState } from "@/lib/reads/seen-state";
import { AccountPageView } from "./view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Account" };

type Props = { searchParams: Promise<{ problem?: string | string[] }> };

export default async function AccountPage({ searchParams }: Props) {
  const { problem } = await searchParams;
  const { me } = readSession();
  if (me === null) redirect("/sign-in?next=/account");
  const client = makeQueryClient();
  // Only users have an account, and only those who have signed in here have sessions.
  const signedIn = me.via === "session";
  const [account, sessions] = await Promise.all([
    signedIn || me.via === "proxy" ? readAccount() : null,
    signedIn ? readSessions() : null,
  ]);
  if (account !== null) client.setQueryData(sessionKeys.account, account);
  if (sessions !== null) client.setQueryData(sessionKeys.sessions, sessions);
  return (
    <HydrationBoundary state={await seenState(dehydrate(client))}>
      <AccountPageView
        via={me.via}
        problem={signInProblemInWords(typeof problem === "string" ? problem : problem?.[0])}
      />
    </HydrationBoundary>
  );
}
