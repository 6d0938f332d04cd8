import type { JobKind } from "@/lib/domain/job";

/** How a run of a kind is asked to end, and how long it may take when the job says nothing. */
export type StopProfile = { readonly firstSignal: NodeJS.Signals; readonly graceMs: number };

const PROFILES = {
  command: { firstSignal: "SIGTERM", graceMs: 10_000 },
  // One SIGINT: a second makes Scrapy drop its queue. Its downloads in flight may take their full time-out of 180 s.
  scrapy: { firstSignal: "SIGINT", graceMs: 200_000 },
  // SIGTERM would end Crawlee at once with state up to 60 s old; on SIGINT it waits up to 20 s and saves.
  crawlee: { firstSignal: "SIGINT", graceMs: 25_000 },
} as const satisfies Record<JobKind, StopProfile>;

export function stopProfile(kind: JobKind): StopProfile {
  return PROFILES[kind];
}
