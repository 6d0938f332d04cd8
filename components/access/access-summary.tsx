"use client";

import { useTitles } from "@/components/jobs/use-titles";
import type { AccessView } from "@/lib/client/access-draft";
import { accessSentences, NO_ROLE_LABEL, ROLE_LABEL } from "./access-words";

/** In a list: the role, and in a sentence what it and the grants amount to. */
export function AccessSummary({ access }: { access: AccessView }) {
  const titleOf = useTitles();
  const all = accessSentences(access, titleOf, Number.POSITIVE_INFINITY);
  const short = accessSentences(access, titleOf);
  return (
    <>
      <span className="font-medium">{access.role === null ? NO_ROLE_LABEL : ROLE_LABEL[access.role]}</span>
      <p title={all === short ? undefined : all} className="text-xs text-muted">
        {short}
      </p>
    </>
  );
}
