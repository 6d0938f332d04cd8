import type { NewApiToken } from "@/lib/domain/ports/accounts";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { ApiToken, TokenId } from "@/lib/domain/user";
import { writeAudit } from "./audit";
import type { ApiToken as Row } from "./generated/client";
import type { Store } from "./transaction";
import { toAccess } from "./user-rows";

export function insertToken(
  store: Store,
  token: NewApiToken,
  audit: AuditEntry,
  now: number,
): Promise<ApiToken> {
  const { grants, expiresAt, ...rest } = token;
  return store.change((db) => {
    const row: Row = {
      ...rest,
      grants: JSON.stringify(grants),
      expiresAt: expiresAt === null ? null : new Date(expiresAt),
      createdAt: new Date(now),
      lastUsedAt: null,
      revokedAt: null,
      revokedBy: null,
    };
    db.insert("ApiToken", row);
    writeAudit(db, audit, now);
    return toToken(row);
  });
}

/** Newest first. */
export async function listTokens({ look }: Store): Promise<readonly ApiToken[]> {
  return look.all<Row>`SELECT * FROM "ApiToken" ORDER BY "createdAt" DESC, "id"`.map(toToken);
}

/** The first to revoke it stays the one who did. */
export function revokeToken(
  store: Store,
  id: TokenId,
  by: string,
  audit: AuditEntry,
  now: number,
): Promise<ApiToken | null> {
  return store.change((db) => {
    const changed = db.update(
      "ApiToken",
      { id, revokedAt: null },
      { revokedAt: new Date(now), revokedBy: by },
    );
    if (changed > 0) writeAudit(db, audit, now);
    const row = db.one<Row>`SELECT * FROM "ApiToken" WHERE "id" = ${id}`;
    return row === null ? null : toToken(row);
  });
}

/** At once, from what is committed. */
export function tokenByHash({ look }: Store, hash: string): ApiToken | null {
  const row = look.one<Row>`SELECT * FROM "ApiToken" WHERE "hash" = ${hash}`;
  return row === null ? null : toToken(row);
}

export function noteUsed(store: Store, id: TokenId, now: number): Promise<void> {
  return store.change((db) => {
    db.update("ApiToken", { id }, { lastUsedAt: new Date(now) });
  });
}

function toToken({ hash: _, ...row }: Row): ApiToken {
  return {
    ...row,
    ...toAccess(row),
    id: row.id as TokenId,
    createdAt: row.createdAt.getTime(),
    expiresAt: row.expiresAt?.getTime() ?? null,
    lastUsedAt: row.lastUsedAt?.getTime() ?? null,
    revokedAt: row.revokedAt?.getTime() ?? null,
  };
}
