import type { z } from "zod";
import { type ErrorCode, isAppError } from "@/lib/domain/errors";

const UNKNOWN: readonly string[] = ["JOB_NOT_FOUND", "RUN_NOT_FOUND", "PLAN_NOT_FOUND"] satisfies ErrorCode[];

/** For pages: null for an id nothing can have and for one nothing has; any other failure goes to the error page. */
export async function known<Id, View>(
  schema: z.ZodType<Id, string>,
  text: string,
  read: (id: Id) => Promise<View>,
): Promise<View | null> {
  const id = schema.safeParse(text);
  if (!id.success) return null;
  try {
    return await read(id.data);
  } catch (error) {
    if (isAppError(error) && UNKNOWN.includes(error.code)) return null;
    throw error;
  }
}
