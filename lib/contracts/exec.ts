import { z } from "zod";
import { Argv, Path } from "./job";
import { RunView } from "./run";

/** POST /api/v1/jobs/:job/exec: a program that the caller's own terminal launches, under the job's locks. */
export const ExecBody = z.strictObject({
  argv: Argv,
  cwd: Path.refine((path) => path.startsWith("/"), "expected an absolute path (it begins with /)"),
  /** The process that will launch it: when it ends before it has, the run is given up. */
  pid: z.number().int().min(2).optional(),
  reason: z.string().trim().max(500).optional(),
});

/** `token`: shows at GET /api/v1/runs/:run/exec that one is who asked. */
export const ExecAnswer = z.object({ run: RunView, token: z.string() });
export type ExecAnswer = z.infer<typeof ExecAnswer>;

/** `launch` is there while the run is the caller's to launch: the command to run as it stands, in that folder and environment. */
export const LaunchAnswer = z.object({
  run: RunView,
  launch: z
    .object({
      command: z.array(z.string()),
      env: z.record(z.string(), z.string()),
      cwd: z.string(),
      folder: z.string(),
    })
    .nullable(),
});
export type LaunchAnswer = z.infer<typeof LaunchAnswer>;
