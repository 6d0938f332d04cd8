"use client";

import "./globals.css";

/** Replaces the whole document when even the root layout fails, so it leans on nothing but the style sheet. */
export default function GlobalError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <html lang="en">
      <body>
        <title>Unstuck could not be shown</title>
        <main className="mx-auto flex min-h-dvh max-w-xl flex-col items-start justify-center gap-3 px-6">
          <h1 className="text-2xl font-semibold tracking-tight">The dashboard could not be shown</h1>
          <p className="text-muted">Runs are not affected: they are watched elsewhere and keep running.</p>
          {error.digest !== undefined && (
            <code className="rounded-sm bg-raised px-2 py-1 text-xs">{error.digest}</code>
          )}
          <button
            type="button"
            onClick={reset}
            className="mt-2 h-8 rounded-md bg-accent px-3 text-sm font-medium text-accent-fg"
          >
            Try again
          </button>
        </main>
      </body>
    </html>
  );
}
