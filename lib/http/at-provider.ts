import { isAppError } from "@/lib/domain/errors";
import type { SignOutThere } from "@/lib/domain/ports/identities";
import { processLog, providerCookieFor } from "@/lib/runtime";
import { noContent, ok } from "./answers";

/** What the browser has kept of sign-ins that are not over, or of the last sign-out. */
export function keptByBrowser(request: Request, purpose: "sign-in" | "sign-out" = "sign-in"): string | null {
  return providerCookieFor(purpose).read(request.headers.get("cookie") ?? undefined);
}

/** @param keep null: nothing any more */
export function withKept(
  answer: Response,
  keep: string | null,
  purpose: "sign-in" | "sign-out" = "sign-in",
): Response {
  answer.headers.append("set-cookie", providerCookieFor(purpose).set(keep));
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

/** Where a page goes to once its session is over. A redirect would be followed by the page's request, not by the browser. */
export function signedOut(there: SignOutThere | null): Response {
  if (there === null) return noContent();
  if (there.can === "sign-out") return withKept(ok({ goTo: there.url }), there.state, "sign-out");
  return ok({ goTo: signInAfter(there.can) });
}

/**
 * The browser is back from signing out there. Anyone can make someone follow a link to here, so only what this browser was sent away with says
 * anything.
 */
export function backFromSignOut(request: Request, state: string | undefined): Response {
  const kept = keptByBrowser(request, "sign-out");
  if (kept === null || kept !== state) return seeOther("/sign-in");
  return withKept(seeOther(signInAfter("sign-out")), null, "sign-out");
}

function signInAfter(outcome: SignOutThere["can"]): string {
  return `/sign-in?${new URLSearchParams({ signedOut: outcome })}`;
}
