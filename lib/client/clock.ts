import { readConnection } from "./connection";

/** One timer for every ticking duration on the page. It runs only while something listens and the page is visible. */
const TICK_MS = 1_000;
/** Every page asks at least every ten seconds; a server that has hung refuses nothing, it just does not answer. */
const SILENT_AFTER_MS = 15_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;
let now = 0;

/** The server's idea of now, epoch milliseconds, steady between ticks. */
export function readClock(): number {
  if (now === 0) now = currentTime();
  return now;
}

export function subscribeClock(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) begin();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) end();
  };
}

function begin(): void {
  document.addEventListener("visibilitychange", onVisibility);
  onVisibility();
}

function end(): void {
  document.removeEventListener("visibilitychange", onVisibility);
  stopTimer();
}

function onVisibility(): void {
  stopTimer();
  if (document.visibilityState === "hidden") return;
  tick();
  timer = setInterval(tick, TICK_MS);
}

function stopTimer(): void {
  if (timer !== null) clearInterval(timer);
  timer = null;
}

function tick(): void {
  now = currentTime();
  for (const listener of listeners) listener();
}

/**
 * Nothing on the page is known beyond the server's last answer: while it is silent, durations stand still at that moment instead of
 * telling of time in which anything may have happened.
 */
function currentTime(): number {
  const { lastAnswerAt, lostSince, skewMs } = readConnection();
  const present = Date.now();
  const lost = lostSince !== null || (lastAnswerAt !== null && present - lastAnswerAt > SILENT_AFTER_MS);
  return (lost ? Math.min(present, lastAnswerAt ?? lostSince ?? present) : present) + skewMs;
}
