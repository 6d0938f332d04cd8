import { z } from "zod";
import { FOLDER_DOUBTS, FOLDER_STATES } from "@/lib/domain/folder";
import { Instant } from "./page";

export const FolderView = z.object({
  path: z.string(),
  worker: z.string(),
  state: z.enum(FOLDER_STATES),
  /** null: it is the live folder. */
  unconfirmed: z
    .object({
      doubt: z.enum(FOLDER_DOUBTS),
      since: Instant,
      sentence: z.string(),
      /** The folder its database is from. */
      origin: z
        .object({ path: z.string(), hostname: z.string().nullable(), seenAt: Instant.nullable() })
        .nullable(),
      heldBack: z.object({
        /** Runs that wait to be started. */
        queued: z.number().int(),
        /** Runs that have a process, as far as the database knows. */
        active: z.number().int(),
        /** Of those, whose process lives under another data folder. */
        elsewhere: z.number().int(),
      }),
    })
    .nullable(),
});
export type FolderView = z.infer<typeof FolderView>;

export const ConfirmFolderBody = z.strictObject({ reason: z.string().trim().min(1).max(500).optional() });
export type ConfirmFolderBody = z.infer<typeof ConfirmFolderBody>;
