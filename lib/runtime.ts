import type { Logger } from "pino";
import packageJson from "@/package.json";
import { type App, type Booted, booted, unavailable } from "./booted";
import { wallClock } from "./clock";
import type { HealthView } from "./contracts/health";
import type { Actor } from "./domain/ports/audit";
import type { Ports } from "./domain/ports/ports";
import { slot } from "./slot.mjs";
import type { Urgency } from "./store/write-queue";
import type { DiskStatus } from "./supervisor/host/guard";

/** What a service may ask for on behalf of one request. */
export type RequestContext = Ports & Actor;

/**
 * @param actor who asks, as the audit records it
 * @param signal aborted when the client has left: a start that still waits is dropped then, a stop is carried out
 * @throws AppError SUPERVISOR_UNAVAILABLE, or the very failure that kept the process from coming up
 */
export function requestContext(actor = "operator", signal?: AbortSignal): RequestContext {
  const state = booted();
  if (state?.phase === "failed") throw state.failure;
  const app = state?.phase === "ready" || state?.phase === "stopping" ? state.app : null;
  if (app === null) throw unavailable();
  return { ...contextOf(app, actor, "operator"), signal };
}

/** For what the process does by itself. @param urgency the line in which its writes wait */
export function contextOf({ ports }: App, actor: string, urgency: Urgency = "run"): RequestContext {
  return { ...ports[urgency], actor };
}

export function processLog(): Pick<Logger, "error"> {
  return booted()?.log ?? { error: (...args: unknown[]) => console.error(...args) };
}

function appOf(state: Booted | null): App | null {
  return state !== null && "app" in state ? state.app : null;
}

/** Never throws, whatever state the process is in. */
export function healthView(): HealthView {
  const state = booted();
  const failure = state?.phase === "failed" ? state.failure : null;
  const ready = state?.phase === "ready";
  return {
    status: ready ? "ok" : "unavailable",
    supervisor: state?.phase ?? "booting",
    version: packageJson.version,
    code: failure?.code ?? null,
    reason: failure?.message ?? null,
    folder: folderState(appOf(state)),
    disk: diskView(appOf(state)?.disk.last() ?? null),
    onShutdown: slot().lifecycle?.onShutdown ?? null,
    runsWatched: appOf(state)?.supervisor.watchedCount() ?? 0,
    runsNotRecovered: appOf(state)?.supervisor.unrecovered().length ?? 0,
    uptimeMs: state === null ? 0 : wallClock() - state.since,
  };
}

function folderState(app: App | null): HealthView["folder"] {
  if (app === null) return null;
  return app.folder.unconfirmed() === null ? "live" : "unconfirmed";
}

function diskView(status: DiskStatus | null): HealthView["disk"] {
  if (status === null) return null;
  const { state, freeBytes, freePercent, freeInodesPercent } = status;
  return { state, freeBytes, freePercent, freeInodesPercent };
}
