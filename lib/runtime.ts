import type { Logger } from "pino";
import { asking, whoAsks } from "./asking";
import type { ProviderCookie, ProviderCookies } from "./auth/auth";
import { type App, booted, unavailable } from "./booted";
import { type Access, isPartial } from "./domain/access";
import { AppError } from "./domain/errors";
import type { Actor, Asker } from "./domain/ports/audit";
import type { Ports } from "./domain/ports/ports";
import type { StatusBoard } from "./reads/status/board";
import { visibleTo } from "./reads/status/visible";
import type { Urgency } from "./store/write-queue";

/** What a service may ask for on behalf of one request. */
export type RequestContext = Ports & Actor & Asker;

/**
 * In the name of who asks, whom the server in front has let in.
 * @param signal aborted when the client has left: a start that still waits is dropped then, a stop is carried out
 * @throws AppError SIGNED_OUT, SUPERVISOR_UNAVAILABLE, or the very failure that kept the process from coming up
 */
export function requestContext(signal?: AbortSignal): RequestContext {
  const app = appThatIsUp();
  const by = asking();
  // The last of two locks: what was not let in, or came past the server in front, is no one.
  if (by === null || by.who === null) throw signedOut();
  return { ...contextOf(app, by.who.name, "operator"), ...by, signal };
}

/** The same for what is answered without signing in. @throws AppError SUPERVISOR_UNAVAILABLE and the others */
export function publicContext(signal?: AbortSignal): RequestContext {
  const by = asking() ?? { who: null, client: { address: null, secure: false } };
  return { ...contextOf(appThatIsUp(), by.who?.name ?? "unknown", "operator"), ...by, signal };
}

/** What who asks may see of the status. @throws AppError as `requestContext` */
export function statusBoard(): StatusBoard {
  const { status } = appThatIsUp();
  return visibleTo(status, accessOfAsker());
}

/** @throws AppError SIGNED_OUT */
export function accessOfAsker(): Access {
  const who = whoAsks();
  if (who === null) throw signedOut();
  return who.access;
}

/** Whether there are jobs that who asks may not see. */
export function seesPart(): boolean {
  const who = whoAsks();
  return who !== null && isPartial(who.access);
}

function signedOut(): AppError {
  return new AppError("SIGNED_OUT", "You are not signed in. Sign in at /sign-in.");
}

function appThatIsUp(): App {
  const state = booted();
  if (state?.phase === "failed") throw state.failure;
  const app = state?.phase === "ready" || state?.phase === "stopping" ? state.app : null;
  if (app === null) throw unavailable();
  return app;
}

/** The cookie of who asks: by TLS it has another name. @throws AppError SUPERVISOR_UNAVAILABLE */
export function sessionCookieOf(): { set(secret: string): string; clear(): string } {
  const { cookie } = appThatIsUp().auth;
  const secure = asking()?.client.secure ?? false;
  return { set: (secret) => cookie.set(secret, secure), clear: () => cookie.clear(secure) };
}

/** What the browser keeps while someone is at the provider. @throws AppError SUPERVISOR_UNAVAILABLE */
export function providerCookieFor(purpose: keyof ProviderCookies): ProviderCookie {
  return appThatIsUp().auth.providerCookies[purpose];
}

/** For what the process does by itself. @param urgency the line in which its writes wait */
export function contextOf({ ports }: App, actor: string, urgency: Urgency = "run"): Ports & Actor {
  return { ...ports[urgency], actor };
}

/** Whether all that a request may ask for is being closed, or is closed. */
export function isClosing(): boolean {
  const state = booted();
  return state?.phase === "stopping" && state.app === null;
}

export function processLog(): Pick<Logger, "error"> {
  return booted()?.log ?? { error: (...args: unknown[]) => console.error(...args) };
}
