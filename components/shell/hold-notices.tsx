"use client";

import { useQuery } from "@tanstack/react-query";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Exact } from "@/components/time/ago";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { holdsQuery, useReleaseHold } from "@/lib/client/holds";
import { useMay } from "@/lib/client/may";
import type { HoldView } from "@/lib/contracts/hold";
import { heldWords } from "@/lib/domain/hold";

/** On every page while automatic starts are held back: else a job that does not come looks broken. */
export function HoldNotices() {
  const { mayAnywhere } = useMay();
  const { data } = useQuery({ ...holdsQuery(), enabled: mayAnywhere("viewer") });
  return data?.items.map((hold) => <HoldNotice key={hold.id} hold={hold} />);
}

function HoldNotice({ hold: { id, on, reason, until, actor } }: { hold: HoldView }) {
  const { may } = useMay();
  const release = useReleaseHold();
  return (
    <Notice
      tone="warn"
      title={`Automatic starts of ${heldWords(on)} are on hold`}
      className="mb-6"
      actions={
        may("operator", null) && (
          <Button disabled={release.isPending} onClick={() => release.mutate(id)}>
            Release
          </Button>
        )
      }
    >
      <p className="wrap-anywhere">
        {reason} <span className="text-muted">({actor})</span>
      </p>
      <p className="mt-1 text-muted">
        Schedules and recovery will not start them{" "}
        {until === null ? (
          "until the hold is released"
        ) : (
          <>
            until <Exact at={until} />
          </>
        )}
        . You can still start them by hand.
      </p>
      <ProblemNotice error={release.error} title="The hold was not released" className="mt-2" />
    </Notice>
  );
}
