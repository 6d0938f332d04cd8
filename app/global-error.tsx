"use client";

import "./globals.css";

/**
 * Replaces the whole document when even the root layout fails, so it leans on nothing but the style sheet. It is made at build time and its
 * scripts have no nonce: the browser runs none of them, and the way to try again is a link to this same path.
 */
export default function GlobalError({ error }: { error: Error & { digest?: string } }) {
  return (
    <html lang="en">
      <body>
        <title>Unstuck could not be shown</title>
        <main className="mx-auto flex min-h-dvh max-w-xl flex-col items-start justify-center gap-3 px-6">
          <h1 className="text-2xl font-semibold tracking-tight">The dashboard could not be shown</h1>
          <p className="text-muted">Runs are not affected: they are watched elsewhere and go on.</p>
          {error.digest !== undefined && (
            <code className="rounded-sm bg-raised px-2 py-1 text-xs">{error.digest}</code>
          )}
          <a
            href="?"
            className="mt-2 inline-flex h-8 items-center rounded-md bg-accent px-3 text-sm font-medium text-accent-fg"
          >
            Try again
          </a>
        </main>
      </body>
    </html>
  );
}
