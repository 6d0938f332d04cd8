import type { Attempt } from "@/lib/domain/ports/accounts";
import { afterFailure, FORGOTTEN_AFTER_MS, type SignInDelay, waitLeft } from "@/lib/domain/sign-in-delay";
import type { SignInDelay as Row } from "./generated/client";
import { anyOf } from "./sql";
import type { Statements } from "./statements";
import type { Store } from "./transaction";

/** Looked at and counted in one transaction: of many attempts at the same moment each sees those before it. */
export function takeAttempt(store: Store, attempts: readonly Attempt[], now: number): Promise<number> {
  return store.change((db) => {
    const known = attempts.map((attempt) => ({ ...attempt, before: delayIn(db, attempt.key) }));
    const wait = Math.max(0, ...known.map(({ before }) => waitLeft(before, now)));
    if (wait > 0) return wait;
    for (const { key, kind, before } of known) save(db, key, afterFailure(before, kind, now));
    return 0;
  });
}

export function forgiveAttempt(
  store: Store,
  attempts: readonly Attempt[],
  forgotten: readonly string[],
): Promise<void> {
  return store.change((db) => {
    for (const { key } of attempts) {
      const before = delayIn(db, key);
      if (before === null) continue;
      const { count, lastAt } = before;
      save(db, key, { count: Math.max(0, count - 1), lastAt, until: lastAt });
    }
    db.change`DELETE FROM "SignInDelay" WHERE "key" IN ${anyOf(forgotten)} OR "count" <= 0`;
  });
}

/** Those that count for nothing any more. */
export function sweepDelays(store: Store, now: number): Promise<number> {
  return store.change(
    (db) => db.change`DELETE FROM "SignInDelay" WHERE "lastAt" <= ${now - FORGOTTEN_AFTER_MS}`,
  );
}

function save(db: Statements, key: string, { count, lastAt, until }: SignInDelay): void {
  db.change`
    INSERT INTO "SignInDelay" ("key", "count", "lastAt", "until") VALUES (${key}, ${count}, ${lastAt}, ${until})
    ON CONFLICT ("key") DO UPDATE SET "count" = excluded."count", "lastAt" = excluded."lastAt", "until" = excluded."until"`;
}

function delayIn(db: Statements, key: string): SignInDelay | null {
  const row = db.one<Row>`SELECT * FROM "SignInDelay" WHERE "key" = ${key}`;
  return row === null ? null : { count: row.count, lastAt: row.lastAt.getTime(), until: row.until.getTime() };
}
