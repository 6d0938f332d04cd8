import { z } from "zod";
import { DISK_STATES } from "@/lib/domain/disk";
import { ERROR_CODES } from "@/lib/domain/errors";
import { FOLDER_STATES } from "@/lib/domain/folder";
import { SHUTDOWN_POLICIES } from "@/lib/domain/shutdown";

export const SUPERVISOR_STATES = ["booting", "ready", "failed", "stopping"] as const;

/** GET /health: 200 when the supervisor is ready, else 503 with the reason. */
export const HealthView = z.object({
  status: z.enum(["ok", "unavailable"]),
  supervisor: z.enum(SUPERVISOR_STATES),
  version: z.string(),
  code: z.enum(ERROR_CODES).nullable(),
  reason: z.string().nullable(),
  /** `unconfirmed`: nothing begins by itself, see GET /api/v1/folder; null while that is not known. */
  folder: z.enum(FOLDER_STATES).nullable(),
  /** Of the file system that holds the data folder; null while it could not be measured. */
  disk: z
    .object({
      state: z.enum(DISK_STATES),
      freeBytes: z.number(),
      freePercent: z.number(),
      freeInodesPercent: z.number().nullable(),
    })
    .nullable(),
  /** What an orderly end does to the runs; null while the configuration is not known. */
  onShutdown: z.enum(SHUTDOWN_POLICIES).nullable(),
  runsWatched: z.number().int(),
  /** Not over, and not looked after: it could not be found out yet what has become of them. */
  runsNotRecovered: z.number().int(),
  uptimeMs: z.number().int(),
});
export type HealthView = z.infer<typeof HealthView>;
