import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { readSession } from "@/lib/reads/accounts";
import { NotAllowedView } from "./view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Not allowed" };

type Props = { searchParams: Promise<{ page?: string | string[] }> };

export default async function NotAllowedPage({ searchParams }: Props) {
  const { page } = await searchParams;
  const { me } = readSession();
  if (me === null) redirect("/sign-in");
  const asked = typeof page === "string" ? page : page?.[0];
  return <NotAllowedView me={me} page={asked?.startsWith("/") ? asked.slice(0, 200) : null} />;
}
