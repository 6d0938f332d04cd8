import type { Metadata } from "next";
import { StuckView } from "./view";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Stuck" };

export default function StuckPage() {
  return <StuckView />;
}
