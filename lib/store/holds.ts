import type { Hold, HoldTarget } from "@/lib/domain/hold";
import type { HoldId } from "@/lib/domain/ids";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import { writeAudit } from "./audit";
import type { Hold as Row } from "./generated/client";
import { stored } from "./stored";
import type { Store } from "./transaction";

/** Those that are over are removed on the way. */
export async function insertHold(store: Store, hold: Hold, audit: AuditEntry): Promise<void> {
  const { id, on, reason, until, actor, createdAt } = hold;
  await store.change((db) => {
    db.change`DELETE FROM "Hold" WHERE "until" <= ${new Date(createdAt)}`;
    db.insert("Hold", {
      ...{ id, on, reason, actor, createdAt: new Date(createdAt) },
      until: until === null ? null : new Date(until),
    });
    writeAudit(db, audit, createdAt);
  });
}

/** @returns the hold that was; null: there is none, any more */
export function deleteHold(
  store: Store,
  id: HoldId,
  audit: (hold: Hold) => AuditEntry,
  now: number,
): Promise<Hold | null> {
  return store.change((db) => {
    const row = db.one<Row>`SELECT * FROM "Hold" WHERE "id" = ${id}`;
    if (row === null) return null;
    db.change`DELETE FROM "Hold" WHERE "id" = ${id}`;
    writeAudit(db, audit(toHold(row)), now);
    return toHold(row);
  });
}

/** Those that last at that moment, the newest first. */
export async function listHolds(store: Store, now: number): Promise<readonly Hold[]> {
  const rows = store.look.all<Row>`
    SELECT * FROM "Hold" WHERE "until" IS NULL OR "until" > ${new Date(now)} ORDER BY "id" DESC`;
  return rows.map(toHold);
}

function toHold({ id, on, reason, until, actor, createdAt }: Row): Hold {
  return {
    ...{ id: stored<HoldId>(id), on: stored<HoldTarget>(on), reason, actor },
    until: until?.getTime() ?? null,
    createdAt: createdAt.getTime(),
  };
}
