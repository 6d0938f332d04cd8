import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { parsePlanId } from "@/lib/domain/ids";
import { PlanPageView } from "./view";

export const dynamic = "force-dynamic";

type Props = { params: Promise<{ plan: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).plan };
}

export default async function PlanPage({ params }: Props) {
  const id = parsePlanId((await params).plan);
  if (id === null) notFound();
  return <PlanPageView id={id} />;
}
