import { writeAudit } from "./audit";
import type { Store } from "./transaction";

/**
 * Says of the jobs of an earlier version, and of their runs that wait, whom they run as: as they did until now. Once; later ones say it themselves.
 * @param root what a dashboard of root is called; null: it is not root
 * @returns the ids of those that run as root from now on
 */
export async function markEarlierJobs(
  store: Store,
  root: string | null,
  now: number,
): Promise<readonly string[]> {
  return store.write(async (tx, db) => {
    const earlier = await tx.job.findMany({
      where: { runAs: "" },
      select: { id: true },
      orderBy: { id: "asc" },
    });
    if (earlier.length === 0) return [];
    // Their runs that wait keep the settings they were queued with.
    db.change`UPDATE "Run" SET "spec" = json_set("spec", '$.runAs', ${root})
      WHERE "state" = 'queued' AND json_valid("spec") AND "jobId" IN (SELECT "id" FROM "Job" WHERE "runAs" = '')`;
    await tx.job.updateMany({ where: { runAs: "" }, data: { runAs: root } });
    if (root === null) return [];
    const jobs = earlier.map(({ id }) => id);
    writeAudit(db, { actor: "system", action: "job.marked_root", details: { runAs: root, jobs } }, now);
    return jobs;
  });
}
