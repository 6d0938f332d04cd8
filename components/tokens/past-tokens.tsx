"use client";

import { accessSentences } from "@/components/access/access-words";
import { useTitles } from "@/components/jobs/use-titles";
import { Ago } from "@/components/time/ago";
import { Panel } from "@/components/ui/panel";
import type { TokenView } from "@/lib/contracts/api-token";

/** Tokens that are over, for who wonders why a program is refused. */
export function PastTokens({ tokens }: { tokens: readonly TokenView[] }) {
  const titleOf = useTitles();
  return (
    <Panel title="Revoked and expired">
      <ul className="divide-y divide-line">
        {tokens.map((token) => (
          <li
            key={token.id}
            data-row={token.id}
            className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-0.5 px-4 py-2 text-sm text-muted"
          >
            <span className="min-w-0 wrap-anywhere">
              <span className="font-medium">{token.name}</span>
              <span className="text-xs"> · {accessSentences(token, titleOf)}</span>
            </span>
            <span className="text-xs">
              <End token={token} /> · made by {token.createdBy}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function End({ token: { revokedAt, revokedBy, expiresAt } }: { token: TokenView }) {
  if (revokedAt === null)
    return (
      <>
        expired <Ago at={expiresAt} />
      </>
    );
  return (
    <>
      revoked <Ago at={revokedAt} />
      {revokedBy !== null && ` by ${revokedBy}`}
    </>
  );
}
