"use client";

import { useRouter } from "next/navigation";
import { startTransition } from "react";
import { Button, ButtonLink } from "@/components/ui/button";

type BrokenPageProps = { error: Error & { digest?: string }; reset: () => void };

/** A page that failed: what it means for the runs (nothing), and a way on. */
export function BrokenPage({ error, reset }: BrokenPageProps) {
  const router = useRouter();
  const retry = () =>
    startTransition(() => {
      router.refresh();
      reset();
    });
  return (
    <div role="alert" className="flex max-w-lg flex-col items-start gap-3 py-10">
      <h1 className="text-2xl font-semibold tracking-tight">This page could not be shown</h1>
      <p className="text-muted">
        Runs are not affected: they are watched elsewhere and keep running. Try again; if it stays like this,
        the server’s log has the details
        {error.digest === undefined ? "." : " under this id:"}
      </p>
      {error.digest !== undefined && (
        <code className="rounded-sm bg-raised px-2 py-1 text-xs">{error.digest}</code>
      )}
      <div className="mt-2 flex gap-2">
        <Button look="main" onClick={retry}>
          Try again
        </Button>
        <ButtonLink href="/">Go to the overview</ButtonLink>
      </div>
    </div>
  );
}
