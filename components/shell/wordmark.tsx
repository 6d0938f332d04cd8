import Link from "next/link";

export function Wordmark() {
  return (
    <Link href="/" className="flex rounded-sm">
      <Brand />
    </Link>
  );
}

/** The same where it leads nowhere. */
export function Brand() {
  return (
    <span className="flex items-center gap-2 text-base font-semibold tracking-tight">
      <svg viewBox="0 0 32 32" aria-hidden="true" className="size-5 text-accent">
        <path
          d="M7 5v13a9 9 0 0 0 18 0"
          fill="none"
          stroke="currentColor"
          strokeWidth="4.5"
          strokeLinecap="round"
        />
        <path
          d="m19 11 6-6 6 6"
          fill="none"
          stroke="currentColor"
          strokeWidth="4.2"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      Unstuck
    </span>
  );
}
