import type { Job } from "@/lib/domain/job";

type Needs = { listJobs(page: { after: string | null; limit: number }): Promise<Job[]> };

/** By id. */
export async function listJobs(
  ctx: Needs,
  page: { cursor?: string | undefined; limit: number },
): Promise<{ items: Job[]; nextCursor: string | null }> {
  const rows = await ctx.listJobs({ after: page.cursor ?? null, limit: page.limit });
  const items = rows.slice(0, page.limit);
  return { items, nextCursor: rows.length > page.limit ? (items.at(-1)?.id ?? null) : null };
}
