import { z } from "zod";
import { HEALTHS } from "@/lib/domain/health";
import { JOB_STATES } from "@/lib/domain/status";
import { Instant } from "./page";
import { RunView } from "./run";

export const StatusView = z.object({
  job: z.string(),
  title: z.string(),
  enabled: z.boolean(),
  running: z.boolean(),
  state: z.enum(JOB_STATES),
  lastHeartbeat: Instant.nullable(),
  pid: z.number().int().nullable(),
  managedProcess: z.boolean(),
  pidFileDetected: z.boolean(),
  health: z.enum(HEALTHS).nullable(),
  run: RunView.nullable(),
});
export type StatusView = z.infer<typeof StatusView>;

/** `at`: when the answer was made, so that a client can show how old what it shows is. */
export const StatusAnswer = z.object({ at: Instant, items: z.array(StatusView) });
