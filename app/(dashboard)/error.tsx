"use client";

import { BrokenPage } from "@/components/problem/broken-page";

export default function DashboardError(props: { error: Error & { digest?: string }; reset: () => void }) {
  return <BrokenPage {...props} />;
}
