import { type App, type Booted, booted } from "@/lib/booted";
import { wallClock } from "@/lib/clock";
import type { HealthView } from "@/lib/contracts/health";
import { slot } from "@/lib/slot.mjs";
import packageJson from "@/package.json";

function appOf(state: Booted | null): App | null {
  return state !== null && "app" in state ? state.app : null;
}

/** Never throws, whatever state the process is in. */
export function readHealth(): HealthView {
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

function diskView(status: ReturnType<App["disk"]["last"]>): HealthView["disk"] {
  if (status === null) return null;
  const { state, freeBytes, freePercent, freeInodesPercent } = status;
  return { state, freeBytes, freePercent, freeInodesPercent };
}
