import type { Metadata } from "next";
import { CleanupsView } from "./view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Clean-ups" };

export default function CleanupsPage() {
  return <CleanupsView />;
}
