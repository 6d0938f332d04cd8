"use client";

import { ROLE_ABOUT, ROLE_LABEL } from "@/components/access/access-words";
import { grantsInWords } from "@/components/account/role-words";
import { Door } from "@/components/doors/door";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button, ButtonLink } from "@/components/ui/button";
import { useSignOut } from "@/lib/client/session";
import type { MeView } from "@/lib/contracts/account";

/** @param props.page the path that was asked for; null: it is not known */
export function NotAllowedView({ me, page }: { me: MeView; page: string | null }) {
  const signOut = useSignOut();
  const hasNothing = me.role === null && me.grants.length === 0;
  return (
    <Door
      title={hasNothing ? "You have no role yet" : "Not allowed"}
      below={hasNothing ? <NoRole name={me.name} /> : <WhichPage page={page} />}
    >
      {!hasNothing && <WhatYouMay me={me} />}
      <p className="text-sm text-muted">An admin can change that on the page Users.</p>
      <div className="mt-1 flex flex-wrap gap-2">
        {!hasNothing && (
          <ButtonLink href="/" look="main">
            Go to the overview
          </ButtonLink>
        )}
        {me.via === "session" && (
          <Button busy={signOut.isPending || signOut.isSuccess} onClick={() => signOut.mutate()}>
            Sign out
          </Button>
        )}
      </div>
      <ProblemNotice error={signOut.error} title="You were not signed out" />
    </Door>
  );
}

function NoRole({ name }: { name: string }) {
  return (
    <>
      <span className="font-medium wrap-anywhere text-fg">{name}</span> is signed in, and may see nothing so
      far.
    </>
  );
}

function WhichPage({ page }: { page: string | null }) {
  if (page === null) return "This page is not for your role.";
  return (
    <>
      The page <code className="wrap-anywhere text-fg">{page}</code> is not for your role.
    </>
  );
}

function WhatYouMay({ me }: { me: MeView }) {
  const { name, role } = me;
  // By their ids: on this page nothing else is known of jobs.
  const grants = grantsInWords(me, (job) => `job ${job}`);
  return (
    <div className="rounded-lg border border-line bg-surface px-4 py-3 text-sm">
      <p className="font-medium wrap-anywhere">
        {name}
        {role !== null && <span className="font-normal text-muted">, {ROLE_LABEL[role]}</span>}
      </p>
      {role !== null && <p className="mt-0.5 text-muted">{ROLE_ABOUT[role]}</p>}
      {grants !== "" && <p className="mt-0.5 wrap-anywhere text-muted">{grants}</p>}
    </div>
  );
}
