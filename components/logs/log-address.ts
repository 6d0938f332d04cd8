/** A place in a log is a byte offset in the page's address: line numbers are not known in the middle of a large file. */
const PARAM = "at";

export function readLogAddress(): number | null {
  if (typeof window === "undefined") return null;
  const text = new URLSearchParams(window.location.search).get(PARAM);
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** The page's own address, pointing at `offset`; null: at no place in particular. */
export function logAddress(offset: number | null): string {
  const url = new URL(window.location.href);
  if (offset === null) url.searchParams.delete(PARAM);
  else url.searchParams.set(PARAM, String(offset));
  return url.toString();
}

/** Changes the address without a navigation; the router of Next follows `replaceState`. */
export function writeLogAddress(offset: number | null): void {
  const address = logAddress(offset);
  if (address !== window.location.href) window.history.replaceState(null, "", address);
}
