import type { App } from "@/lib/booted";
import type { EnvironmentUse } from "@/lib/domain/environment";
import type { AuditEntry } from "@/lib/store/audit";
import { environmentPolicy, useEnvironment } from "@/lib/store/environment";

/** What the services of the runs' environment ask of the process. */
export function environmentOf({ store, config, environment, origin, socket }: App) {
  return {
    hostEnvironment: environment,
    inheritPatterns: config.inherit,
    door: { url: origin, socket: socket.path },
    environmentPolicy: () => environmentPolicy(store),
    useEnvironment: (use: EnvironmentUse, audit: AuditEntry, now: number) =>
      useEnvironment(store, use, audit, now),
  };
}
