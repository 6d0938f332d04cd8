"use client";

import { BrokenPage } from "@/components/problem/broken-page";

export default function RootError(props: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main className="app-root mx-auto flex min-h-dvh max-w-xl flex-col justify-center px-6">
      <BrokenPage {...props} />
    </main>
  );
}
