"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { NewTokenDialog } from "@/components/tokens/new-token-dialog";
import { PastTokens } from "@/components/tokens/past-tokens";
import { TokenTable } from "@/components/tokens/token-table";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { PageHeader } from "@/components/ui/page-header";
import { TableSkeleton } from "@/components/ui/skeleton";
import { splitTokens, tokensQuery } from "@/lib/client/tokens";

export function TokensView() {
  const [creating, setCreating] = useState(false);
  return (
    <>
      <PageHeader
        title="Tokens"
        below="For scripts, CI and monitoring: each has its own role and expiry, and can be revoked on its own."
        actions={
          <Button look="main" icon={<Plus aria-hidden />} onClick={() => setCreating(true)} data-key="n">
            New token…
          </Button>
        }
      />
      <Tokens create={() => setCreating(true)} />
      <NewTokenDialog open={creating} onOpenChange={setCreating} />
    </>
  );
}

function Tokens({ create }: { create: () => void }) {
  const { data, error } = useQuery(tokensQuery());
  if (data === undefined) {
    return error === null ? (
      <TableSkeleton rows={3} />
    ) : (
      <ProblemNotice error={error} title="The tokens cannot be shown" />
    );
  }
  const { active, over } = splitTokens(data.items);
  return (
    <div className="flex flex-col gap-8">
      {active.length > 0 ? <TokenTable tokens={active} /> : <NoTokens create={create} />}
      {over.length > 0 && <PastTokens tokens={over} />}
    </div>
  );
}

function NoTokens({ create }: { create: () => void }) {
  return (
    <div className="rounded-lg border border-line bg-surface">
      <Empty title="No token" actions={<Button onClick={create}>New token…</Button>}>
        A token lets a program ask the API without a password. Give each program its own, with no more rights
        than it needs.
      </Empty>
    </div>
  );
}
