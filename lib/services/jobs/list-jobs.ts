import type { Job } from "@/lib/domain/job";
import type { Jobs } from "@/lib/domain/ports/jobs";

/** By id. */
export async function listJobs(
  ctx: Pick<Jobs, "listJobs">,
  page: { cursor?: string | undefined; limit: number },
): Promise<{ items: Job[]; nextCursor: string | null }> {
  const rows = await ctx.listJobs({ after: page.cursor ?? null, limit: page.limit });
  const items = rows.slice(0, page.limit);
  return { items, nextCursor: rows.length > page.limit ? (items.at(-1)?.id ?? null) : null };
}
