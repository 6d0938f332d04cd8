import type { z } from "zod";
import type { LimitList } from "@/lib/contracts/limit";
import type { ListLocksQuery, LockPage } from "@/lib/contracts/lock";
import { toLimitView, toLockView } from "@/lib/http/lock-views";
import { requestContext } from "@/lib/runtime";
import { listLimits } from "@/lib/services/limits/list-limits";
import { listLocks } from "@/lib/services/locks/list-locks";

export async function readLocks(
  query: z.output<typeof ListLocksQuery>,
  ctx = requestContext(),
): Promise<z.infer<typeof LockPage>> {
  const page = await listLocks(ctx, query);
  return { ...page, items: page.items.map(toLockView) };
}

export async function readLimits(ctx = requestContext()): Promise<z.infer<typeof LimitList>> {
  return { items: (await listLimits(ctx)).map(toLimitView) };
}
