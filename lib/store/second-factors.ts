import type { AuditEntry } from "@/lib/domain/ports/audit";
import { aboutSecondFactor } from "@/lib/domain/sealing";
import type { SecondFactor, UserId } from "@/lib/domain/user";
import { writeAudit } from "./audit";
import type { SecondFactor as Row } from "./generated/client";
import { sealedNow } from "./sealed-now";
import type { Store } from "./transaction";

export async function findSecondFactor({ look }: Store, user: UserId): Promise<SecondFactor | null> {
  const row = look.one<Row>`SELECT * FROM "SecondFactor" WHERE "userId" = ${user}`;
  return row === null ? null : toSecondFactor(row);
}

export function beginSecondFactor(store: Store, user: UserId, secret: string): Promise<boolean> {
  return store.change((db) => {
    db.change`DELETE FROM "SecondFactor" WHERE "userId" = ${user} AND "confirmedAt" IS NULL`;
    if (db.one`SELECT 1 FROM "SecondFactor" WHERE "userId" = ${user}` !== null) return false;
    const row = { userId: user, secret: sealedNow(store.sealing, secret, aboutSecondFactor(user)) };
    db.insert("SecondFactor", { ...row, confirmedAt: null, lastStep: 0, recovery: "[]" });
    return true;
  });
}

export function confirmSecondFactor(
  store: Store,
  user: UserId,
  step: number,
  recovery: readonly string[],
  audit: AuditEntry,
  now: number,
): Promise<boolean> {
  return store.change((db) => {
    const changed = db.update(
      "SecondFactor",
      { userId: user, confirmedAt: null },
      { confirmedAt: new Date(now), lastStep: step, recovery: JSON.stringify(recovery) },
    );
    if (changed > 0) writeAudit(db, audit, now);
    return changed > 0;
  });
}

/** Of two requests with the same code one gets it. */
export function takeStep(store: Store, user: UserId, step: number): Promise<boolean> {
  return store.change(
    (db) =>
      db.change`UPDATE "SecondFactor" SET "lastStep" = ${step} WHERE "userId" = ${user} AND "lastStep" < ${step}` >
      0,
  );
}

export function takeRecoveryCode(
  store: Store,
  user: UserId,
  hash: string,
  audit: AuditEntry,
  now: number,
): Promise<boolean> {
  return store.change((db) => {
    const row = db.one<Row>`SELECT * FROM "SecondFactor" WHERE "userId" = ${user} AND "confirmedAt" IS NOT NULL`;
    const left = row === null ? [] : toSecondFactor(row).recovery;
    if (!left.includes(hash)) return false;
    const recovery = JSON.stringify(left.filter((one) => one !== hash));
    db.update("SecondFactor", { userId: user }, { recovery });
    writeAudit(db, audit, now);
    return true;
  });
}

export function removeSecondFactor(
  store: Store,
  user: UserId,
  audit: AuditEntry,
  now: number,
): Promise<boolean> {
  return store.change((db) => {
    const removed = db.change`DELETE FROM "SecondFactor" WHERE "userId" = ${user}` > 0;
    if (removed) writeAudit(db, audit, now);
    return removed;
  });
}

function toSecondFactor(row: Row): SecondFactor {
  return {
    userId: row.userId as UserId,
    secret: row.secret,
    confirmedAt: row.confirmedAt?.getTime() ?? null,
    lastStep: row.lastStep,
    recovery: JSON.parse(row.recovery) as string[],
  };
}
