import { z } from "zod";
import { argvBytes, MAX_ARGV_BYTES } from "@/lib/domain/argv-bytes";
import { RESET_OUTCOMES, RESET_PID_FILES } from "@/lib/domain/reset";
import { ValuesBody } from "./parameters";
import { RunView } from "./run";
import { ForeignView } from "./status";

const Reason = z.string().trim().max(500);
const DAY_MS = 86_400_000;

export const START_MODES = ["auto", "fresh", "resume"] as const;

export const StartBody = z
  .strictObject({
    mode: z.enum(START_MODES).optional(),
    /** `old`: in the folder the newest run really worked in, where alone its checkpoint is. Only with `mode: "resume"`. */
    folder: z.literal("old").optional(),
    args: z
      .array(z.string().refine((text) => !text.includes("\0"), "expected text without NUL characters"))
      .max(1_000)
      .refine((args) => argvBytes(args) <= MAX_ARGV_BYTES, {
        error: `expected at most ${MAX_ARGV_BYTES} bytes in all`,
      })
      .optional(),
    /** By name, of what the job declares. Left out: those of the run it goes on from, else the defaults. */
    parameters: ValuesBody.optional(),
    reason: Reason.optional(),
  })
  .refine(({ mode, folder }) => folder === undefined || mode === "resume", {
    path: ["folder"],
    error: 'expected mode "resume" beside folder "old": only a resume continues in an old folder',
  });
export type StartBody = z.infer<typeof StartBody>;

export const StopBody = z.strictObject({
  /** Ends the whole tree at once with SIGKILL: work since the last checkpoint is lost. */
  force: z.boolean().optional(),
  graceMs: z.number().int().min(0).max(DAY_MS).optional(),
  reason: Reason.optional(),
});
export type StopBody = z.infer<typeof StopBody>;

/** One of the two: the run that is stopping, or the process outside Unstuck that is being ended. */
export const StopAnswer = z.object({ run: RunView.nullable(), foreign: ForeignView.nullable() });

export const ResetBody = z.strictObject({
  /** Ends what is alive with SIGKILL first: work since the last checkpoint is lost. */
  force: z.boolean().optional(),
  reason: Reason.optional(),
});
export type ResetBody = z.infer<typeof ResetBody>;

export const ResetAnswer = z.object({
  run: RunView.nullable(),
  foreign: ForeignView.nullable(),
  done: z.enum(RESET_OUTCOMES),
  pidFile: z.enum(RESET_PID_FILES),
  detail: z.string(),
});
export type ResetAnswer = z.infer<typeof ResetAnswer>;

export const RestartBody = z.strictObject({
  delayMs: z.number().int().min(0).max(3_600_000).optional(),
  reason: Reason.optional(),
});
export type RestartBody = z.infer<typeof RestartBody>;

export const StopAllBody = z.strictObject({
  graceMs: z.number().int().min(0).max(DAY_MS).optional(),
  reason: Reason.optional(),
});
export type StopAllBody = z.infer<typeof StopAllBody>;

/** `stopping`: the runs told to stop. `refused`: those that could not be told, and why. */
export const StopAllAnswer = z.object({
  stopping: z.array(RunView),
  refused: z.array(z.object({ runId: z.string(), reason: z.string() })),
});
