import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { makeQueryClient } from "@/lib/client/query-client";
import { bringTitles } from "@/lib/client/status";
import { userKeys } from "@/lib/client/users";
import { readUsers } from "@/lib/reads/accounts";
import { readTitles } from "@/lib/reads/jobs";
import { seenState } from "@/lib/reads/seen-state";
import { UsersView } from "./view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Users" };

export default async function UsersPage() {
  const users = await readUsers();
  const client = makeQueryClient();
  client.setQueryData(userKeys.list(), users);
  const grants = users.items.flatMap((user) => user.grants);
  bringTitles(client, await readTitles(grants.map(({ on }) => on.replace(/^job:/, ""))));
  return (
    <HydrationBoundary state={await seenState(dehydrate(client))}>
      <UsersView />
    </HydrationBoundary>
  );
}
