"use client";

import { useState } from "react";
import { AccessSummary } from "@/components/access/access-summary";
import { Ago } from "@/components/time/ago";
import { Button } from "@/components/ui/button";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import type { TokenView } from "@/lib/contracts/api-token";
import { Expiry } from "./expiry";
import { RevokeTokenDialog } from "./revoke-token-dialog";

/** The tokens that are good: what each may do, where it comes from, and whether it is used at all. */
export function TokenTable({ tokens }: { tokens: readonly TokenView[] }) {
  return (
    <Table caption="Tokens, newest first">
      <thead className="max-md:sr-only">
        <tr>
          <Th>Name</Th>
          <Th className="max-md:hidden">May do</Th>
          <Th className="max-md:hidden">Made</Th>
          <Th className="text-right max-md:hidden">Expires</Th>
          <Th className="text-right max-md:hidden">Last used</Th>
          <Th>
            <span className="sr-only">Action</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {tokens.map((token) => (
          <TokenRow key={token.id} token={token} />
        ))}
      </tbody>
    </Table>
  );
}

function TokenRow({ token }: { token: TokenView }) {
  const [revoking, setRevoking] = useState(false);
  const { name, createdBy, createdAt, expiresAt, lastUsedAt } = token;
  return (
    <Tr data-row={token.id} className="first:max-md:border-t-0">
      <Td className="align-top font-medium wrap-anywhere md:w-[20%]">
        {name}
        <div className="mt-1 flex flex-col gap-1 font-normal md:hidden">
          <div>
            <AccessSummary access={token} />
          </div>
          <p className="text-xs text-muted">
            Made by {createdBy}, <Ago at={createdAt} />
          </p>
          <p className="text-xs text-muted">
            {expiresAt !== null && "Expires "}
            <Expiry at={expiresAt} none="Does not expire" /> · <LastUse at={lastUsedAt} />
          </p>
        </div>
      </Td>
      <Td className="align-top max-md:hidden">
        <AccessSummary access={token} />
      </Td>
      <Td className="align-top wrap-anywhere text-muted max-md:hidden">
        {createdBy}
        <p className="text-xs">
          <Ago at={createdAt} />
        </p>
      </Td>
      <Td className="text-right align-top whitespace-nowrap text-muted max-md:hidden">
        <Expiry at={expiresAt} none="never" />
      </Td>
      <Td className="text-right align-top whitespace-nowrap text-muted max-md:hidden">
        <Ago at={lastUsedAt} none="never" />
      </Td>
      <Td className="w-px text-right align-top">
        <Button
          size="sm"
          onClick={() => setRevoking(true)}
          aria-label={`Revoke ${name}`}
          data-key="x"
          data-row-link
        >
          Revoke…
        </Button>
        <RevokeTokenDialog token={token} open={revoking} onOpenChange={setRevoking} />
      </Td>
    </Tr>
  );
}

function LastUse({ at }: { at: string | null }) {
  if (at === null) return <>never used</>;
  return (
    <>
      last used <Ago at={at} />
    </>
  );
}
