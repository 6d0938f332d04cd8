import type { EnvironmentPolicy, EnvironmentUse } from "@/lib/domain/environment";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import { writeAudit } from "./audit";
import type { RunEnvironment as Row } from "./generated/client";
import type { Store } from "./transaction";

const NAME = "runs";
/** Before the first boot that asked has decided. */
const UNDECIDED: EnvironmentPolicy = { use: "short", names: [], recordedAt: null };

export async function environmentPolicy(store: Store): Promise<EnvironmentPolicy> {
  const row = store.look.one<Row>`SELECT * FROM "RunEnvironment" WHERE "name" = ${NAME}`;
  return row === null ? UNDECIDED : toPolicy(row);
}

/**
 * Decides once what runs of this data folder are handed: the short environment where there is no job yet, else what they were
 * handed until now, since a scraper that loses its proxy would crawl from its owner's own address.
 * @param names what they were handed until now, beside the base
 */
export async function settleEnvironment(
  store: Store,
  names: readonly string[],
  now: number,
): Promise<EnvironmentPolicy> {
  const before = await environmentPolicy(store);
  return before === UNDECIDED ? decide(store, names, now) : before;
}

function decide(store: Store, names: readonly string[], now: number): Promise<EnvironmentPolicy> {
  return store.write(async (tx, db) => {
    const decided = await tx.runEnvironment.findUnique({ where: { name: NAME } });
    if (decided !== null) return toPolicy(decided);
    const isOlder = names.length > 0 && (await tx.job.count()) > 0;
    const row = {
      name: NAME,
      use: isOlder ? "recorded" : "short",
      names: JSON.stringify(isOlder ? names : []),
      recordedAt: isOlder ? new Date(now) : null,
    };
    await tx.runEnvironment.create({ data: row });
    if (isOlder) writeAudit(db, { actor: "system", action: "environment.recorded", details: { names } }, now);
    return toPolicy(row);
  });
}

/** @returns what is used from now on; null, and nothing is changed, when a list was asked for and there never was one */
export function useEnvironment(
  store: Store,
  use: EnvironmentUse,
  audit: AuditEntry,
  now: number,
): Promise<EnvironmentPolicy | null> {
  return store.write(async (tx, db) => {
    const row = await tx.runEnvironment.findUniqueOrThrow({ where: { name: NAME } });
    if (use === "recorded" && row.recordedAt === null) return null;
    if (row.use === use) return toPolicy(row);
    writeAudit(db, audit, now);
    return toPolicy(await tx.runEnvironment.update({ where: { name: NAME }, data: { use } }));
  });
}

function toPolicy({ use, names, recordedAt }: Row): EnvironmentPolicy {
  return {
    use: use === "recorded" ? "recorded" : "short",
    names: JSON.parse(names),
    recordedAt: recordedAt?.getTime() ?? null,
  };
}
