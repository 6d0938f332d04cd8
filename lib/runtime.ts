import type { Logger } from "pino";
import { type App, booted, unavailable } from "./booted";
import type { Actor } from "./domain/ports/audit";
import type { Ports } from "./domain/ports/ports";
import type { StatusBoard } from "./reads/status/board";
import type { Urgency } from "./store/write-queue";

/** What a service may ask for on behalf of one request. */
export type RequestContext = Ports & Actor;

/**
 * @param actor who asks, as the audit records it
 * @param signal aborted when the client has left: a start that still waits is dropped then, a stop is carried out
 * @throws AppError SUPERVISOR_UNAVAILABLE, or the very failure that kept the process from coming up
 */
export function requestContext(actor = "operator", signal?: AbortSignal): RequestContext {
  return { ...contextOf(appThatIsUp(), actor, "operator"), signal };
}

/** @throws the same */
export function statusBoard(): StatusBoard {
  return appThatIsUp().status;
}

function appThatIsUp(): App {
  const state = booted();
  if (state?.phase === "failed") throw state.failure;
  const app = state?.phase === "ready" || state?.phase === "stopping" ? state.app : null;
  if (app === null) throw unavailable();
  return app;
}

/** For what the process does by itself. @param urgency the line in which its writes wait */
export function contextOf({ ports }: App, actor: string, urgency: Urgency = "run"): RequestContext {
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
