import { isAppError } from "@/lib/domain/errors";
import { processLog, providerCookieOf } from "@/lib/runtime";

/** What the browser has kept of sign-ins that are not over. */
export function keptByBrowser(request: Request): string | null {
  return providerCookieOf().read(request.headers.get("cookie") ?? undefined);
}

/** @param keep null: nothing any more */
export function withKept(answer: Response, keep: string | null): Response {
  answer.headers.append("set-cookie", providerCookieOf().set(keep));
  return answer;
}

/** To another page, or to the provider. */
export function seeOther(location: string): Response {
  return new Response(null, { status: 303, headers: { location, "cache-control": "no-store" } });
}

/**
 * Back to the page on which it was started, which says why: a person is looking, not a program.
 * @param next where they want to go
 */
export function backTo(page: string, error: unknown, next = "/"): Response {
  const query = new URLSearchParams({ problem: isAppError(error) ? error.code : "INTERNAL" });
  if (next !== "/") query.set("next", next);
  if (!isAppError(error)) {
    const found = error instanceof Error ? (error.stack ?? error.message) : String(error);
    processLog().error({ error: found }, "request.failed");
  }
  return seeOther(`${page}?${query.toString()}`);
}

/**
 * The same request at the address that the provider knows: only there is the cookie that it is answered by.
 * @param origin the provider's
 * @returns null: the browser is there, or was sent there and is somewhere else all the same, as behind a proxy that writes another Host
 */
export function atKnownAddress(request: Request, origin: string): string | null {
  const url = new URL(request.url);
  if (url.host === new URL(origin).host || url.searchParams.has("here")) return null;
  url.searchParams.set("here", "1");
  return `${origin}${url.pathname}${url.search}`;
}
