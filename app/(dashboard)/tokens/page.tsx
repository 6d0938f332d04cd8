import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { makeQueryClient } from "@/lib/client/query-client";
import { bringTitles } from "@/lib/client/status";
import { tokenKeys } from "@/lib/client/tokens";
import { readTokens } from "@/lib/reads/accounts";
import { readTitles } from "@/lib/reads/jobs";
import { seenState } from "@/lib/reads/seen-state";
import { TokensView } from "./view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Tokens" };

export default async function TokensPage() {
  const tokens = await readTokens();
  const client = makeQueryClient();
  client.setQueryData(tokenKeys.list(), tokens);
  const grants = tokens.items.flatMap((token) => token.grants);
  bringTitles(client, await readTitles(grants.map(({ on }) => on.replace(/^job:/, ""))));
  return (
    <HydrationBoundary state={await seenState(dehydrate(client))}>
      <TokensView />
    </HydrationBoundary>
  );
}
